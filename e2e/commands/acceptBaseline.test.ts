import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readBaseline } from '../history/baselineFile.ts';
import { addToHistory } from '../history/history.ts';
import { nightOf } from '../history/testing/nightOf.ts';
import { temporaryWorkingFolder } from '../testing/temporaryFolder.ts';
import { ROOT } from './tools.ts';

const SCRIPT = fileURLToPath(new URL('acceptBaseline.ts', import.meta.url));
const figures = [
  { id: 'classify.latency', unit: 'ms', n: 65, median: 351.234 },
  { id: 'slowModel.latency', unit: 'ms', n: 65, median: 5012 },
];

/** Runs the command in a folder with the budgets and a history of these nights. */
function accept(runs: number, args: string[], env: Record<string, string> = {}) {
  const folder = temporaryWorkingFolder();
  cpSync(join(ROOT, 'budgets'), 'budgets', { recursive: true });
  rmSync('budgets/baselines', { recursive: true, force: true });
  for (let night = 0; night < runs; night++) {
    addToHistory('history.ndjson', nightOf(night, { target: 'local', figures }));
  }
  const options = { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], options);
  return { status, stdout, stderr, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test('five passed runs become the baseline of the target, without figures that nothing compares', () => {
  using run = accept(6, ['--history', 'history.ndjson']);
  assert.deepEqual([run.status, run.stderr], [0, '']);
  assert.match(
    run.stdout,
    /^budgets\/baselines\/local\.json: 1 figures of 5 passed runs of commits [0-9a-f]{10}, .*,\n {2}2026-01-02T02:23 to 2026-01-06T02:23 UTC, on Xeon, 2 cores\nReview the file/,
  );
  assert.deepEqual(Object.keys(readBaseline('local')?.figures ?? {}), ['classify.latency']);
});

test('the history may come from the environment', () => {
  using run = accept(5, ['--runs', '5'], { PERF_HISTORY: 'history.ndjson' });
  assert.equal(run.status, 0, run.stderr);
});

test('what cannot be accepted is one clear error, and nothing is written', () => {
  for (const [runs, args, message] of [
    [4, ['--history', 'history.ndjson'], /^BASELINE_INVALID: [\s\S]*found {4}4 passed runs/],
    [6, ['--history', 'history.ndjson', '--runs', '1'], /^OPTION_REFUSED: --runs cannot be used/],
    [6, ['--history', 'history.ndjson', '--target', '../x'], /^ENVIRONMENT_INVALID: /],
    [6, ['--history', 'none.ndjson'], /found {4}no run in none\.ndjson/],
    [6, ['--histroy', 'x'], /^Unknown option '--histroy'[\s\S]*npm run baseline:accept/],
  ] as const) {
    using run = accept(runs, [...args]);
    assert.deepEqual([run.status, run.stdout], [1, '']);
    assert.match(run.stderr, message);
    assert.ok(!existsSync('budgets/baselines'));
  }
});
