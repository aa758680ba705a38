#!/usr/bin/env bash
# Puts openclaw-lint on the PATH of the later steps of a GitHub job. Its settings come from action.yml, as variables.
set -euo pipefail

name=openclaw-lint
bin="${RUNNER_TEMP:?}/$name/bin"
mkdir -p "$bin"

version="${VERSION#v}"
# `uses: OWNER/openclaw-lint@v1.2.3` wants that release.
if [[ -z "$version" && "${ACTION_REF:-}" =~ ^v([0-9]+\.[0-9]+\.[0-9]+)$ ]]; then
  version="${BASH_REMATCH[1]}"
fi

target() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo x86_64-unknown-linux-musl ;;
    Linux-aarch64 | Linux-arm64) echo aarch64-unknown-linux-musl ;;
    Darwin-x86_64) echo x86_64-apple-darwin ;;
    Darwin-arm64) echo aarch64-apple-darwin ;;
    MINGW*-x86_64 | MSYS*-x86_64) echo x86_64-pc-windows-msvc ;;
    *) return 1 ;;
  esac
}

# An archive of a release, held to the checksums beside it.
from_release() {
  local stem archive folder
  [[ -n "$version" ]] || { echo "which release? give the input \`version\`" >&2; return 1; }
  stem="$name-v$version-$(target)" || { echo "there are no binaries for this machine" >&2; return 1; }
  archive="$stem.tar.gz"
  [[ "$stem" != *windows* ]] || archive="$stem.zip"
  folder="$(mktemp -d)"
  for file in "$archive" SHA256SUMS; do
    curl --fail --silent --show-error --location --retry 3 --output "$folder/$file" "$RELEASES/v$version/$file" || return 1
  done
  # Not left to `set -e`: it does not hold in a function that is asked whether it worked.
  cd "$folder" || return 1
  grep " [ *]$archive\$" SHA256SUMS >sum || { echo "SHA256SUMS does not know $archive" >&2; return 1; }
  if command -v sha256sum >/dev/null; then sha256sum --check --quiet sum || return 1; else shasum -a 256 --check sum || return 1; fi
  if [[ "$archive" == *.zip ]]; then unzip -q "$archive" || return 1; else tar -xzf "$archive" || return 1; fi
  cd - >/dev/null || return 1
  cp "$folder/$stem/$name"* "$bin/" && rm -r "$folder"
}

from_cargo() {
  cargo install --locked --path "$GITHUB_ACTION_PATH" --root "${bin%/bin}"
}

case "$INSTALL" in
  path) command -v "$name" >/dev/null || { echo "$name is not on the PATH" >&2; exit 2; } ;;
  release) from_release || exit 2 ;;
  cargo) from_cargo || exit 2 ;;
  auto)
    if [[ -z "$version" ]] && command -v "$name" >/dev/null; then
      :
    elif [[ -z "$version" ]] || ! from_release; then
      from_cargo || exit 2
    fi
    ;;
  *)
    echo "install: auto, path, release or cargo, not \`$INSTALL\`" >&2
    exit 2
    ;;
esac

# Nothing there: what was on the PATH stays the one.
[[ ! -e "$bin/$name" && ! -e "$bin/$name.exe" ]] || echo "$bin" >>"${GITHUB_PATH:?}"
