#!/usr/bin/env bash
# Audits on a runner of GitHub Actions: annotations to the log, reports to files, the summary to the job. What it is told
# comes from variables and is passed on quoted; paths and names of a pull request are data, never code.
# Its own exit code is 0 while there is a report: a later step fails the job, after comment and upload.
set -euo pipefail

reports=${RUNNER_TEMP:?}/wheelgate
mkdir -p "$reports"
rm -f "$reports"/report.*

# Tests name a program of their own.
if [ -n "${WHEELGATE_PROGRAM:-}" ]; then
  wheelgate=("$WHEELGATE_PROGRAM")
else
  [ -d "$GITHUB_ACTION_PATH/node_modules" ] || npm ci --prefix "$GITHUB_ACTION_PATH" --no-audit --no-fund --loglevel=error
  wheelgate=(node "$GITHUB_ACTION_PATH/bin/wheelgate.js")
fi

# A requirements file may name any other file, and errors quote lines: nothing outside of the checkout is read.
options=(--within=.)
option() { if [ -n "$2" ]; then options+=("$1=$2"); fi; }
option --fail-on "${INPUT_FAIL_ON:-}"
option --python "${INPUT_PYTHON:-}"
option --platform "${INPUT_PLATFORM:-}"
option --max-data-age "${INPUT_MAX_DATA_AGE:-}"

# A pull request counts what is new since the branch that it goes into. Checkouts are shallow: that commit is fetched.
baseline=${INPUT_BASELINE:-}
if [ -z "$baseline" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
  base=refs/remotes/wheelgate/base
  if git fetch --quiet --no-tags --depth=1 origin "+refs/heads/$GITHUB_BASE_REF:$base"; then
    baseline=$base
  else
    echo "::warning title=Wheelgate::The base branch cannot be fetched: everything counts, not only what is new."
  fi
fi
if [ "$baseline" != none ]; then option --baseline "$baseline"; fi

paths=()
while IFS= read -r path; do
  if [ -n "$path" ]; then paths+=("$path"); fi
done <<<"${INPUT_PATHS:-.}"

code=0
"${wheelgate[@]}" audit --format=github "--also=markdown=$reports/report.md" "--also=sarif=$reports/report.sarif" \
  "--also=cyclonedx=$reports/report.cdx.json" "--also=json=$reports/report.json" "${options[@]}" \
  -- "${paths[@]}" 2>"$reports/report.log" || code=$?

# Remarks hold names of the project: nothing in them is a command of the runner.
if [ -s "$reports/report.log" ]; then
  stop=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$stop"
  cat "$reports/report.log"
  echo "::$stop::"
fi

echo "exit-code=$code" >>"$GITHUB_OUTPUT"
if [ ! -f "$reports/report.md" ]; then
  echo "::error title=Wheelgate::The audit gave no report."
  exit "$((code == 0 ? 3 : code))"
fi
{
  echo "markdown=$reports/report.md"
  echo "sarif=$reports/report.sarif"
  echo "cyclonedx=$reports/report.cdx.json"
  echo "json=$reports/report.json"
} >>"$GITHUB_OUTPUT"
cat "$reports/report.md" >>"$GITHUB_STEP_SUMMARY"
