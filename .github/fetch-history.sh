#!/usr/bin/env bash
# Fetches the history that the newest earlier attempt or night has left. That there is none is an answer; that it cannot be had is an error:
# a history begun anew would have forgotten all nights before.
set -euo pipefail

artifacts() {
  gh api "repos/$GITHUB_REPOSITORY/actions/runs/$1/artifacts?per_page=100" --jq \
    '[.artifacts[] | select((.name | startswith("perf-history")) and (.expired | not))] | sort_by(.created_at) | last | .name // empty'
}

nights=$(gh run list --workflow nightly.yml --branch "$GITHUB_REF_NAME" --status completed --limit 30 \
  --json databaseId --jq '.[].databaseId')
# A re-run finds the entry of its first attempt in the run that it belongs to.
for run in "$GITHUB_RUN_ID" $nights; do
  name=$(artifacts "$run")
  if [ -n "$name" ]; then
    gh run download "$run" --name "$name" --dir perf-history
    echo "The history is that of run $run ($name)."
    exit
  fi
done
mkdir -p perf-history
echo 'No earlier night left a history: this one begins it.' | tee -a "$GITHUB_STEP_SUMMARY"
