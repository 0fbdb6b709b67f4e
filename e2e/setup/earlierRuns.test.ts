import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import { resolveObjectives } from '../core/budget/resolveObjectives.ts';
import { runLine } from '../core/record/recordLine.ts';
import { runOf } from '../core/testing/recordOf.ts';
import type { Baseline } from '../history/baseline.ts';
import { addToHistory } from '../history/history.ts';
import { ENVIRONMENT, nightOf } from '../history/testing/nightOf.ts';
import { METRICS } from '../metrics/metrics.ts';
import { SALESTALK_CATALOGUE } from '../salestalk/operations.ts';
import { temporaryWorkingFolder } from '../testing/temporaryFolder.ts';
import { addEarlierRuns, type EarlierRuns, readEarlierRuns } from './earlierRuns.ts';
import { loadBudget } from './loadBudget.ts';

const { budget, file } = loadBudget('local');
const RESOLVED = resolveObjectives(budget, file, SALESTALK_CATALOGUE);
const REGRESSIONS = RESOLVED.objectives.filter(({ metric }) => metric.kind === 'regression');

const setOf = (until: string) => ({ until, commits: ['a1'], values: [340, 341, 342, 343, 344] });
const accepted = (unit: string) => ({
  ...{ unit, oldest: setOf('2026-01-05'), latest: setOf('2026-03-01') },
});
const BASELINE: Baseline = {
  ...{ schemaVersion: 1, target: 'local', environment: ENVIRONMENT },
  figures: {
    'classify.latency': accepted('ms'),
    'classify.ownTime': { ...accepted('ms'), oldest: setOf('2026-03-01') },
    'page.heap.growth': accepted('B'),
  },
};

function judgedBy(earlier: Partial<EarlierRuns>, environment = ENVIRONMENT, resolved = RESOLVED) {
  const all = { baseline: null, tests: null, ...earlier };
  const { objectives, notMeasured } = addEarlierRuns(resolved, all, environment);
  const find = (id: string): Objective | undefined => objectives.find((one) => one.id === id);
  const reasonOf = (id: string) => notMeasured.find((one) => one.id === id)?.reason;
  return { objectives, notMeasured, find, reasonOf };
}

test('a fresh clone has no baseline and no history: their objectives are not measured, all others are', () => {
  const { objectives, notMeasured } = judgedBy({});
  assert.deepEqual(
    notMeasured.map(({ id }) => id),
    [...REGRESSIONS.map(({ id }) => id), 'suite.flakeRate'].toSorted(
      (a, b) => indexOf(a) - indexOf(b),
    ),
  );
  assert.equal(objectives.length + notMeasured.length, RESOLVED.objectives.length);
  const reasons = new Set(notMeasured.map(({ reason }) => reason));
  assert.deepEqual([...reasons].sort(), [
    'no baseline yet: npm run baseline:accept makes one from five passed runs',
    'no history of earlier runs: PERF_HISTORY names none',
  ]);
});

const indexOf = (id: string) => RESOLVED.objectives.findIndex((one) => one.id === id);

test('an objective carries its baseline into the record: the latest runs and, if others, the oldest', () => {
  const { find, reasonOf, objectives } = judgedBy({ baseline: BASELINE });
  const sets = (id: string) => find(id)?.baseline?.sets.map(({ name, until }) => [name, until]);
  assert.deepEqual(sets('classify.latencyRegression'), [
    ['latest baseline', '2026-03-01'],
    ['oldest baseline', '2026-01-05'],
  ]);
  assert.deepEqual(sets('classify.ownTimeRegression'), [['baseline', '2026-03-01']]);
  assert.equal(find('page.heap.memoryRegression')?.baseline?.unit, 'B');
  assert.equal(
    reasonOf('chat.ownTimeRegression'),
    'the baseline has no chat.ownTime: npm run baseline:accept adds it',
  );
  const line = JSON.parse(JSON.stringify(runOf(objectives)));
  assert.deepEqual(runLine(METRICS).parse(line).objectives, objectives);
});

test('a baseline of another environment is not used, and the reason says what differs', () => {
  const now = { ...ENVIRONMENT, fingerprint: 'ffffffff', cpu: 'EPYC' };
  const { reasonOf } = judgedBy({ baseline: BASELINE }, now);
  assert.equal(
    reasonOf('classify.latencyRegression'),
    'the baseline is of another environment (its cpu Xeon, now EPYC)',
  );
});

test('a regression whose figure the budget does not judge is not measured', () => {
  const objectives = RESOLVED.objectives.filter(({ id }) => !id.startsWith('classify.latency.'));
  const resolved = { ...RESOLVED, objectives };
  assert.equal(
    judgedBy({ baseline: BASELINE }, ENVIRONMENT, resolved).reasonOf('classify.latencyRegression'),
    'the budget sets no objective on classify.latency, which it compares',
  );
});

test('a baseline in another unit is refused with its place', () => {
  const figures = { 'classify.latency': accepted('s') };
  assert.throws(() => judgedBy({ baseline: { ...BASELINE, figures } }), {
    code: 'BASELINE_INVALID',
    message: /figures → "classify\.latency" → unit\n {2}found {4}s\n {2}expected ms\n/,
  });
});

test('the executions of earlier runs of the target are counted', () => {
  using _folder = temporaryWorkingFolder();
  const executions = [{ test: 'perf/a.spec.ts › A', outcome: 'passed' as const }];
  const commit = 'a'.repeat(40);
  for (const night of [0, 1]) {
    addToHistory('history', nightOf(night, { target: 'local', commit, executions }));
    addToHistory('history', nightOf(night + 10, { target: 'staging', commit, executions }));
  }
  const { tests } = readEarlierRuns('local', 'history');
  assert.deepEqual(tests, { executions: 2, flakes: 0 });
  assert.deepEqual(judgedBy({ tests }).find('suite.flakeRate')?.earlierTests, tests);
  assert.equal(
    judgedBy({ tests: { executions: 0, flakes: 0 } }).reasonOf('suite.flakeRate'),
    'the history has no executions of tests that ran at least twice at one commit yet',
  );
  assert.deepEqual(readEarlierRuns('local', undefined), { baseline: null, tests: null });
});
