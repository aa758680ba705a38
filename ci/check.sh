#!/usr/bin/env bash
# Runs openclaw-lint in a GitHub job. Its settings come from action.yml, as variables: none is ever read as code.
set -euo pipefail

lines=()
# Sets `lines` to the lines of a text, without blanks around them and without empty ones.
split() {
  local line
  lines=()
  while IFS= read -r line; do
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line%"${line##*[![:space:]]}"}"
    [[ -z "$line" ]] || lines+=("$line")
  done <<<"$1"
}

cd "$FOLDER"
arguments=(check --fail-on "$FAIL_ON" --openclaw-version "$OPENCLAW_VERSION" --format full)
# Colours: the log of a job shows them, and is no terminal.
[[ -n "${NO_COLOR:-}" ]] || arguments+=(--color always)
[[ "$ANNOTATIONS" != true ]] || arguments+=(--format github)
[[ -z "$SARIF_FILE" ]] || arguments+=(--format "sarif=$SARIF_FILE")
[[ -z "$FILES_FROM" ]] || arguments+=(--files-from "$FILES_FROM")
split "$REPORTS"
for report in ${lines[@]+"${lines[@]}"}; do arguments+=(--format "$report"); done
split "$ARGUMENTS"
arguments+=(${lines[@]+"${lines[@]}"})
split "$PATHS"
# The list says what to check: the default path would add everything.
if [[ -n "$FILES_FROM" && "$PATHS" == . ]]; then lines=(); fi
arguments+=(-- ${lines[@]+"${lines[@]}"})

code=0
openclaw-lint "${arguments[@]}" || code=$?
{
  echo "exit-code=$code"
  # Relative to the workspace, where the next steps are.
  if [[ -n "$SARIF_FILE" && -e "$SARIF_FILE" ]]; then
    if [[ "$FOLDER" == . || "$SARIF_FILE" == /* ]]; then echo "sarif-file=$SARIF_FILE"; else echo "sarif-file=$FOLDER/$SARIF_FILE"; fi
  fi
} >>"${GITHUB_OUTPUT:?}"
exit "$code"
