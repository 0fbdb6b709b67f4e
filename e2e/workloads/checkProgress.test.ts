import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import { availability, latencyP95, modelCallsPerRequest } from '../core/testing/objectives.ts';
import { modelCallOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { WORKLOAD } from '../testing/withFakes.ts';
import {
  checkProgress,
  describeFurthest,
  describeProgress,
  needsRequests,
} from './checkProgress.ts';

const ALL_IN = Number.POSITIVE_INFINITY;

const requests = (count: number) => Array.from({ length: count }, (_, index) => requestOf(index));

/** Where the only objective of a record stands. */
function checkOne(objective: Objective, parts: Parameters<typeof recordOf>[1], outAtMs = ALL_IN) {
  const [entry] = checkProgress(() => true, recordOf([objective], parts), outAtMs);
  assert.ok(entry !== undefined);
  return entry;
}

test('requests sent after one that is still in flight are not judged yet', () => {
  const { series } = checkOne(latencyP95, { requests: requests(10) }, requestOf(4).sentAtMs);
  assert.deepEqual(
    series.events.map(({ id }) => id),
    requests(4).map(({ id }) => id),
  );
});

test('events are in the order of sending, whichever answer came first', () => {
  const { series } = checkOne(latencyP95, { requests: requests(10).reverse() });
  assert.deepEqual(
    series.events.map(({ id }) => id),
    requests(10).map(({ id }) => id),
  );
});

test('an objective is clear once it is decided or its sample budget is used up', () => {
  const served = { ...latencyP95, sampleBudget: 600 };
  assert.equal(checkOne(served, { requests: requests(10) }).isClear, false);
  assert.equal(checkOne(served, { requests: requests(200) }).isClear, true);
  const scarce = { ...latencyP95, sampleBudget: 10 };
  assert.equal(checkOne(scarce, { requests: requests(10) }).isClear, true);
  assert.equal(checkOne(scarce, { requests: requests(9) }).isClear, false);
});

test('a missing value keeps an objective open even if the others would decide it', () => {
  const served = { ...modelCallsPerRequest, operation: 'classify', sampleBudget: 1000 };
  const tooMany = [1, 2, 3].map((attempt) => modelCallOf(0, { attempt }));
  const { progress, series, isClear } = checkOne(served, {
    requests: requests(2),
    modelCalls: tooMany,
  });
  assert.deepEqual([progress.verdict, series.missing, isClear], ['fail', 1, false]);
});

test('an objective with many contradicted values is clear, since more requests would not help; with a few it stays open', () => {
  const served = { ...latencyP95, sampleBudget: 600 };
  const contradictedOf = (count: number, of: number) => ({
    requests: requests(of),
    modelCalls: requests(count).map(({ index }) => modelCallOf(index, { durationMs: 900 })),
  });
  assert.equal(checkOne(served, contradictedOf(10, 10)).isClear, true);
  assert.equal(checkOne(served, contradictedOf(9, 9)).isClear, false);
  assert.equal(checkOne(served, contradictedOf(10, 200)).isClear, false);
});

test('a check covers the objectives that the workload serves and no others', () => {
  const record = recordOf([latencyP95, availability]);
  const served = ({ metric }: Objective) => metric.name === 'latency';
  assert.deepEqual(
    checkProgress(served, record, ALL_IN).map(({ objective }) => objective.id),
    [latencyP95.id],
  );
  assert.deepEqual(checkProgress(WORKLOAD.serves, record, ALL_IN), []);
});

test('a request is needed while an objective that it serves is open', () => {
  const classifyOnly = checkProgress(() => true, recordOf([latencyP95]), ALL_IN);
  const wanted = (progress: typeof classifyOnly) =>
    ['classify', 'chat'].map((operation) => needsRequests(progress, operation));
  assert.deepEqual(wanted(classifyOnly), [true, false]);
  assert.deepEqual(wanted(checkProgress(() => true, recordOf([availability]), ALL_IN)), [
    true,
    true,
  ]);
  const clear = checkProgress(
    () => true,
    recordOf([latencyP95], { requests: requests(200) }),
    ALL_IN,
  );
  assert.deepEqual(wanted(clear), [false, false]);
});

/** Progress after these numbers of answered and then of failed requests. */
function progressAfter(objectives: Objective[], answered: number, failed: number) {
  const requests = Array.from({ length: answered + failed }, (_, index) =>
    requestOf(index, index < answered ? {} : { failure: 'status 500', values: {} }),
  );
  const record = recordOf(objectives, { requests });
  const progress = checkProgress(() => true, record);
  return describeProgress(progress, describeFurthest(progress));
}

const served = { ...latencyP95, sampleBudget: 600 };

test('progress names the clear objectives and what the one furthest from a verdict lacks', () => {
  const { clear, note } = progressAfter([served, { ...availability, sampleBudget: 10 }], 20, 0);
  assert.deepEqual(clear, ['api.availability']);
  assert.match(note, /^classify\.latency\.p95: n = 20, about \d+ more to pass$/);
});

test('progress counts failed requests', () => {
  assert.match(progressAfter([served], 0, 7).note, /: n = 0, 7 failed, /);
});

test('once all objectives are clear progress has no note', () => {
  assert.deepEqual(progressAfter([served], 300, 0), { clear: [served.id], note: '' });
});
