import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { readRun, summarizeRuns, tableRow } from './repeat.ts';
import { ROOT } from './tools.ts';

const SCRIPT = fileURLToPath(new URL('repeat.ts', import.meta.url));

const workload = (
  name: string,
  stallMs: number,
  ownStallMs: number | null,
  stolenShare = 0.02,
) => ({
  workload: name,
  durationMs: 1000,
  ...{ stallMs, ownStallMs, stolenShare },
});

const summaryOf = (verdict: string, workloads: object[]) =>
  JSON.stringify({
    verdict,
    objectives: [{ verdict: 'pass' }, { verdict: 'pass' }, { verdict: 'inconclusive' }],
    harness: { noopRoundTripMs: 1, workloads },
  });

test('a run is read from its summary: objectives, stolen CPU time, and the longest stall in a workload of the API', () => {
  const run = readRun(
    summaryOf('inconclusive', [
      workload('tenants', 300, 60),
      workload('outage', 80, null, 0.04),
      workload('pageVisits', 900, 800, 0.06),
      workload('hungPage', 900, 800, 0.08),
      workload('lighthouse', 900, 800, 0.0),
    ]),
  );
  assert.deepEqual(run, {
    verdict: 'inconclusive',
    objectives: { pass: 2, fail: 0, inconclusive: 1 },
    worstStall: { workload: 'outage', ms: 80 },
    stolenShare: 0.04,
  });
});

test('a run without a summary has no verdict, and did not pass', () => {
  for (const text of [null, '', '{"verdict":"pass"}', '[]']) {
    const run = { name: 'run-01', seconds: 12.4, ...readRun(text) };
    assert.equal(run.verdict, 'none');
    assert.match(tableRow(run), /^run-01 +NONE +12 .* unknown/);
    assert.match(summarizeRuns([run], 1), /^passed 0 of 1, failed 0; slowest 12 s/);
  }
});

test('the summary counts the runs that passed of those planned, and names the worst', () => {
  const runs = [
    { name: 'run-01', seconds: 180, ...readRun(summaryOf('pass', [workload('tenants', 90, 70)])) },
    { name: 'run-02', seconds: 201, ...readRun(summaryOf('fail', [workload('outage', 50, 0)])) },
  ];
  assert.equal(
    summarizeRuns(runs, 3),
    'passed 1 of 3, failed 1; slowest 201 s; longest stall 70 ms (tenants)',
  );
});

test('a run without a result does not end the series, and the table is written to a file', () => {
  using folder = temporaryFolder();
  // Nothing is opened: any executable will do.
  const env = { ...process.env, PERF_BROWSER: process.execPath };
  const runs = join(folder.path, 'runs');
  const out = ['--out', relative(ROOT, runs)];
  const args = ['--runs', '2', '--busy-loop', ...out, '--', '--no-such-option'];
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT, ...args], {
    encoding: 'utf8',
    env,
  });
  assert.equal(status, 1);
  assert.match(stdout, /run-01 +NONE.*\nrun-02 +NONE.*\npassed 0 of 2/);
  assert.equal(readFileSync(join(runs, 'table.txt'), 'utf8'), stdout);
  assert.ok(existsSync(join(runs, 'run-02.log')));
});

test('a wrong number of runs is one clear error', () => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, '--runs', 'many'], {
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /^--runs many: expected a whole number, 1 or more\n/);
});
