#!/usr/bin/env bash
# Fetches the history of the newest earlier attempt or night. If there is none, a new one begins. If GitHub does not answer, the run
# fails: a new history would lose all earlier nights.
set -euo pipefail

find_artifact() {
  gh api "repos/$GITHUB_REPOSITORY/actions/runs/$1/artifacts?per_page=100" --jq \
    '[.artifacts[] | select((.name | startswith("perf-history")) and (.expired | not))] | sort_by(.created_at) | last | .name // empty'
}

nights=$(gh run list --workflow nightly.yml --branch "$GITHUB_REF_NAME" --status completed --limit 30 \
  --json databaseId --jq '.[].databaseId')
# A re-run belongs to the same run as its first attempt, and continues from what that left.
for run in "$GITHUB_RUN_ID" $nights; do
  name=$(find_artifact "$run")
  if [ -n "$name" ]; then
    gh run download "$run" --name "$name" --dir perf-history
    echo "The history is that of run $run ($name)."
    exit
  fi
done
mkdir -p perf-history
echo 'No earlier night left a history: this one begins it.' | tee -a "$GITHUB_STEP_SUMMARY"
