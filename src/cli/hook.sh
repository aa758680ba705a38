#!/bin/sh
# Written by `openclaw-lint hook install`; `openclaw-lint hook uninstall` takes it away.
# Checks what is staged. To commit all the same, once: git commit --no-verify

# Programs with windows start git with a short PATH.
PATH="$PATH:$HOME/.cargo/bin:$HOME/.local/bin:/usr/local/bin:/opt/homebrew/bin"
if ! command -v openclaw-lint >/dev/null 2>&1; then
  echo "pre-commit: openclaw-lint is not on the PATH, so nothing was checked and nothing is committed" >&2
  exit 1
fi
exec openclaw-lint check --staged
