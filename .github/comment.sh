#!/usr/bin/env bash
# Posts the summary of a comparison as the one comment of its pull request, which later runs update. The number of the pull request and
# the summary come from a run of its own code, so they are data: nothing of them becomes part of a command.
set -euo pipefail
export LC_ALL=C

MARKER='<!-- performance comparison -->'
# GitHub takes 65,536 characters.
MAX_BYTES=60000

repository="repos/$GITHUB_REPOSITORY"
artifact="perf-comparison-$RUN_ATTEMPT"
count=$(gh api "$repository/actions/runs/$RUN_ID/artifacts?name=$artifact" --jq .total_count)
if [ "$count" = 0 ]; then
  echo 'The run has no comparison to show.'
  exit
fi
gh run download "$RUN_ID" --repo "$GITHUB_REPOSITORY" --name "$artifact" --dir comparison

# A link could show a file of this machine.
if [ -n "$(find comparison -type l)" ]; then
  echo 'The artifact holds a link.' >&2
  exit 1
fi
number=$(head -c 20 comparison/pull-request)
if ! [[ $number =~ ^[1-9][0-9]{0,9}$ ]]; then
  echo 'The artifact does not name a pull request by its number.' >&2
  exit 1
fi
head=$(gh api "$repository/pulls/$number" --jq .head.sha)
if [ "$head" != "$HEAD_SHA" ]; then
  echo "The run measured another commit than the head of pull request $number: newer ones were pushed, or it is not its own."
  exit
fi

# A comment notifies whom it mentions, and GitHub looks for mentions in the rendered text, where an entity is a character. So no entity of
# the summary remains, and a space without width ends what could name people or an issue.
sed -E 's/&#8203;//g; s/\\?&/\&amp;/g; s/#([0-9])/#\&#8203;\1/g; s/@/@\&#8203;/g' comparison/summary.md > summary.md
{
  echo "$MARKER"
  head -c "$MAX_BYTES" summary.md
  if [ "$(wc -c < summary.md)" -gt "$MAX_BYTES" ]; then
    printf '\n\n… The whole summary is in the artifact `%s` of the run.\n' "$artifact"
  fi
} > comment.md
mine=$(gh api --paginate "$repository/issues/$number/comments?per_page=100" --jq \
  ".[] | select(.user.login == \"github-actions[bot]\" and ((.body // \"\") | startswith(\"$MARKER\"))) | .id")
if [ -z "$mine" ]; then
  gh api --silent "$repository/issues/$number/comments" --field body=@comment.md
else
  gh api --silent --method PATCH "$repository/issues/comments/${mine%%$'\n'*}" --field body=@comment.md
fi
