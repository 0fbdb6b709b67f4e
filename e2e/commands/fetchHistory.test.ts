import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../testing/temporaryFolder.ts';

const SCRIPT = fileURLToPath(new URL('../../.github/fetch-history.sh', import.meta.url));

/** The answers of GitHub: nights from the newest on, and artifacts by run. Null stands for a failed request. */
type GitHub = { nights: string[] | null; artifacts: Record<string, string | null> };

/** Runs the script of the nightly run with a `gh` that gives these answers. */
function fetchHistory({ nights, artifacts }: GitHub) {
  using temporary = temporaryFolder();
  const folder = temporary.path;
  const answers = Object.entries(artifacts).map(
    ([run, name]) => `*/runs/${run}/artifacts*) ${name === null ? 'exit 1' : `echo ${name}`};;`,
  );
  writeFileSync(
    path.join(folder, 'gh'),
    `#!/bin/sh
    case "$1 $2" in
      "run list") ${nights === null ? 'exit 1' : `echo ${nights.join(' ') || "''"}`};;
      "run download") mkdir perf-history; echo "$3 $5" > perf-history/downloaded;;
      *) case "$2" in ${answers.join(' ')} *) echo;; esac;;
    esac`,
    { mode: 0o755 },
  );
  const { status, stderr } = spawnSync('bash', [SCRIPT], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      GITHUB_REPOSITORY: 'shop/harness',
      GITHUB_REF_NAME: 'main',
      GITHUB_RUN_ID: '9',
      GITHUB_STEP_SUMMARY: path.join(folder, 'summary'),
    },
  });
  const downloaded = path.join(folder, 'perf-history/downloaded');
  return {
    status,
    stderr,
    downloaded: existsSync(downloaded) ? readFileSync(downloaded, 'utf8').trim() : null,
    isBegun: existsSync(path.join(folder, 'summary')),
  };
}

test('the history comes from the newest night that left one', () => {
  const { downloaded, status } = fetchHistory({
    nights: ['8', '7', '6'],
    artifacts: { 7: 'perf-history-1', 6: 'perf-history-2' },
  });
  assert.deepEqual([downloaded, status], ['7 perf-history-1', 0]);
});

test('a re-run continues from its first attempt', () => {
  const { downloaded } = fetchHistory({
    nights: ['8'],
    artifacts: { 9: 'perf-history-1', 8: 'perf-history-1' },
  });
  assert.equal(downloaded, '9 perf-history-1');
});

test('a new history begins only if none exists', () => {
  const { downloaded, status, isBegun } = fetchHistory({ nights: ['8'], artifacts: {} });
  assert.deepEqual([downloaded, status, isBegun], [null, 0, true]);
});

test('the nightly run stops if GitHub does not say whether a history exists', () => {
  for (const answers of [
    { nights: null, artifacts: {} },
    { nights: ['8', '7'], artifacts: { 8: null, 7: 'perf-history-1' } },
  ] as GitHub[]) {
    const { status, downloaded, isBegun } = fetchHistory(answers);
    assert.notEqual(status, 0);
    assert.deepEqual([downloaded, isBegun], [null, false]);
  }
});
