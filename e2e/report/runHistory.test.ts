import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { TestCase } from '@playwright/test/reporter';
import { latencyP95 } from '../core/testing/objectives.ts';
import { recordOf, requestOf } from '../core/testing/recordOf.ts';
import { readHistory } from '../history/history.ts';
import { figuresOf } from '../metrics/figures.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { historyReport, recordInHistory } from './runHistory.ts';
import { summaryOf } from './testing/summaryOf.ts';

function runOf(id: string, latencyMs: number, { target = 'local', objective = latencyP95 } = {}) {
  const requests = Array.from({ length: 70 }, (_, at) => requestOf(at, { values: { latencyMs } }));
  const record = recordOf([objective], { requests });
  const summary = summaryOf(record);
  const run = { ...summary.run, id, target };
  return { summary: { ...summary, run }, figures: figuresOf(record), tests: [] };
}

test('a run is added once, and shown with the earlier runs of its target', () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'history.ndjson');
  const none = { estimates: [], moved: [] };
  assert.deepEqual(recordInHistory(file, runOf('one', 300)), none);
  assert.deepEqual(recordInHistory(file, runOf('elsewhere', 900, { target: 'staging' })), none);
  const { estimates } = recordInHistory(file, runOf('two', 310.25));
  assert.deepEqual(estimates, ['classify.latency.p95: 300.0 → 310.3 ms']);
  assert.deepEqual(recordInHistory(file, runOf('two', 310.25)), { estimates, moved: [] });
  assert.deepEqual(
    readHistory(file).map(({ id }) => id),
    ['one', 'elsewhere', 'two'],
  );
});

test('an objective is shown with the earlier runs that judged it, however many did not', () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'history.ndjson');
  const p50 = { ...latencyP95, id: 'classify.latency.p50', allowedShare: 0.5 };
  recordInHistory(file, runOf('one', 300));
  for (const id of ['two', 'three', 'four', 'five', 'six', 'seven']) {
    recordInHistory(file, runOf(id, 200, { objective: p50 }));
  }
  assert.deepEqual(recordInHistory(file, runOf('eight', 310)).estimates, [
    'classify.latency.p95: 300.0 → 310.0 ms',
  ]);
});

const ENVIRONMENT = {
  ...{ os: 'Linux 6.1.0-13 x64', cpu: 'Xeon  Gold', cores: 2, memoryBytes: 8.2e9 },
  ...{ runtime: 'node 26.10.0', browser: null, loadAverage1m: 0.4 },
};

test('the run that first shows that a figure moved names the change, and no other run does', () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'history.ndjson');
  const shown = Array.from({ length: 16 }, (_, night) => {
    const { summary, ...rest } = runOf(`night-${night}`, (night < 8 ? 300 : 390) + (night % 3));
    const startedAt = new Date(Date.UTC(2026, 0, 1 + night)).toISOString();
    const run = {
      ...summary.run,
      startedAt,
      environment: ENVIRONMENT,
      commit: `${night}`.repeat(40),
    };
    const past = { ...rest, summary: { ...summary, run } };
    return historyReport(file, past, { isIncomplete: false, verbose: false });
  });
  const change = 'classify.latency: +30 % between 7777777 and 8888888 (2026-01-09)';
  const [at = 0, ...others] = shown.flatMap((text, night) =>
    text.includes('Moved') ? [night] : [],
  );
  assert.ok(at > 8 && others.length === 0);
  assert.match(String(shown[at]), /^\nMoved, as this run shows:\n {2}(.*)\n\nEarlier runs: /);
  assert.ok(String(shown[at]).includes(`  ${change}\n`), shown[at] ?? '');
});

test('a run is kept with its environment, its figures and what became of its tests', () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'history.ndjson');
  const { summary, ...rest } = runOf('one', 300);
  const tests = [
    testOf('passed', ['', 'perf', 'perf/a.spec.ts', 'A', 'is quick']),
    testOf('failed', ['', 'brief', 'perf/a.spec.ts', 'A', 'is quick']),
    testOf('skipped', ['', 'perf', 'perf/b.spec.ts', 'B', 'is left out']),
  ];
  const run = { ...summary.run, environment: ENVIRONMENT };
  recordInHistory(file, { ...rest, summary: { ...summary, run }, tests });
  const [entry] = readHistory(file);
  assert.equal(entry?.environment?.memoryGiB, 8);
  assert.deepEqual(entry?.figures, [{ id: 'classify.latency', unit: 'ms', n: 70, median: 300 }]);
  assert.deepEqual(entry?.objectives[0]?.bad, 0);
  assert.deepEqual(entry?.executions, [
    { test: 'perf/a.spec.ts › A › is quick', outcome: 'passed' },
    { test: 'brief › perf/a.spec.ts › A › is quick', outcome: 'failed' },
  ]);
});

function testOf(status: string, titlePath: string[]): TestCase {
  return { results: [{ status }], expectedStatus: 'passed', titlePath: () => titlePath } as never;
}
