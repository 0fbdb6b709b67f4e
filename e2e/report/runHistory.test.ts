import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { TestCase } from '@playwright/test/reporter';
import { latencyP95 } from '../core/testing/objectives.ts';
import { recordOf, requestOf } from '../core/testing/recordOf.ts';
import { readHistory } from '../history/history.ts';
import { figuresOf } from '../metrics/figures.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { keepHistory } from './runHistory.ts';
import { summaryOf } from './testing/summaryOf.ts';

function runOf(id: string, latencyMs: number, { target = 'local' } = {}) {
  const requests = Array.from({ length: 70 }, (_, at) => requestOf(at, { values: { latencyMs } }));
  const record = recordOf([latencyP95], { requests });
  const summary = summaryOf(record);
  const run = { ...summary.run, id, target };
  return { summary: { ...summary, run }, figures: figuresOf(record), tests: [] as TestCase[] };
}

const report = (file: string, run: ReturnType<typeof runOf>) =>
  keepHistory(file, run, { isIncomplete: false }).text;

test('a run is added once, and the earlier runs of its target are counted', () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'my history.ndjson');
  assert.equal(report(file, runOf('one', 300)), '');
  assert.equal(report(file, runOf('elsewhere', 900, { target: 'staging' })), '');
  const shown = `\nHistory: 1 earlier run of local; npm run history -- --file '${file}' shows them.\n`;
  assert.equal(report(file, runOf('two', 310.25)), shown);
  assert.equal(report(file, runOf('two', 310.25)), shown);
  assert.deepEqual(
    readHistory(file).map(({ id }) => id),
    ['one', 'elsewhere', 'two'],
  );
});

test('a run that was not measured to its end is not added', () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'history.ndjson');
  assert.match(keepHistory(file, runOf('one', 300), { isIncomplete: true }).text, /Not added/);
  assert.deepEqual(readHistory(file), []);
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
    return report(file, past);
  });
  const change = 'classify.latency: +30 % between 7777777 and 8888888 (2026-01-09)';
  const [at = 0, ...others] = shown.flatMap((text, night) =>
    text.includes('Moved') ? [night] : [],
  );
  assert.ok(at > 8 && others.length === 0);
  assert.match(String(shown[at]), /^\nMoved, as this run shows:\n {2}(.*)\n\nHistory: /);
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
  report(file, { ...rest, summary: { ...summary, run }, tests });
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
