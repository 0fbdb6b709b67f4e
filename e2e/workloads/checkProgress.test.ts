import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import { availability, latencyP95, modelCallsPerRequest } from '../core/testing/objectives.ts';
import { modelCallOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import {
  checkProgress,
  describeFurthest,
  describeProgress,
  needsRequests,
} from './checkProgress.ts';

const served = { ...latencyP95, sampleBudget: 600 };
const callsPerRequest = { ...modelCallsPerRequest, operation: 'classify', sampleBudget: 1000 };
const tooManyCalls = [1, 2, 3].map((attempt) => modelCallOf(0, { attempt }));

const requests = (count: number) => Array.from({ length: count }, (_, index) => requestOf(index));

/** Where the only objective of a record stands. */
function checkOne(
  objective: Objective,
  parts: Parameters<typeof recordOf>[1],
  firstInFlightAtMs?: number,
) {
  const [entry] = checkProgress([objective], recordOf([objective], parts), firstInFlightAtMs);
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
  assert.equal(checkOne(served, { requests: requests(10) }).needsNoMore, false);
  assert.equal(checkOne(served, { requests: requests(200) }).needsNoMore, true);
  const scarce = { ...latencyP95, sampleBudget: 10 };
  assert.equal(checkOne(scarce, { requests: requests(10) }).needsNoMore, true);
  assert.equal(checkOne(scarce, { requests: requests(9) }).needsNoMore, false);
});

test('a missing value keeps an objective open even if the others would decide it', () => {
  const { progress, series, needsNoMore } = checkOne(callsPerRequest, {
    requests: requests(2),
    modelCalls: tooManyCalls,
  });
  assert.deepEqual([progress.verdict, series.missing, needsNoMore], ['fail', 1, false]);
});

test('an objective with many contradicted values is clear, since more requests would not help; with a few it stays open', () => {
  const contradictedOf = (count: number, of: number) => ({
    requests: requests(of),
    modelCalls: requests(count).map(({ index }) => modelCallOf(index, { durationMs: 900 })),
  });
  assert.equal(checkOne(served, contradictedOf(10, 10)).needsNoMore, true);
  assert.equal(checkOne(served, contradictedOf(9, 9)).needsNoMore, false);
  assert.equal(checkOne(served, contradictedOf(10, 200)).needsNoMore, false);
});

test('a request is needed while an objective that it serves is open', () => {
  const classifyOnly = checkProgress([latencyP95], recordOf([latencyP95]));
  const wanted = (progress: typeof classifyOnly) =>
    ['classify', 'chat'].map((operation) => needsRequests(progress, operation));
  assert.deepEqual(wanted(classifyOnly), [true, false]);
  assert.deepEqual(wanted(checkProgress([availability], recordOf([availability]))), [true, true]);
  const clear = checkProgress([latencyP95], recordOf([latencyP95], { requests: requests(200) }));
  assert.deepEqual(wanted(clear), [false, false]);
});

/** Progress after these numbers of answered and then of failed requests. */
function progressAfter(objectives: Objective[], answered: number, failed: number) {
  const requests = Array.from({ length: answered + failed }, (_, index) =>
    requestOf(index, index < answered ? {} : { failure: 'status 500', values: {} }),
  );
  const record = recordOf(objectives, { requests });
  const progress = checkProgress(objectives, record);
  return describeProgress(progress, describeFurthest(progress));
}

test('progress names the clear objectives and what the one furthest from a verdict lacks', () => {
  const { clear, note } = progressAfter([served, { ...availability, sampleBudget: 10 }], 20, 0);
  assert.deepEqual(clear, ['api.availability']);
  assert.match(note, /^classify\.latency\.p95: n = 20, about \d+ more to pass$/);
});

test('progress counts failed requests', () => {
  assert.match(progressAfter([served], 0, 7).note, /: n = 0, 7 failed, /);
});

test('progress says why an objective is open although its events would decide it', () => {
  const noteOf = (objective: Objective, parts: Parameters<typeof recordOf>[1]) =>
    describeFurthest(checkProgress([objective], recordOf([objective], parts)));
  const late = requests(200).map((one, at) => (at < 30 ? { ...one, lateMs: 5_000 } : one));
  assert.match(
    noteOf(served, { requests: late }),
    /: n = 170, would pass, but 30 are set aside: replacing them$/,
  );
  assert.match(
    noteOf(callsPerRequest, { requests: requests(2), modelCalls: tooManyCalls }),
    /: n = 1, would fail, but missing values: 1$/,
  );
});

test('once all objectives are clear progress has no note', () => {
  assert.deepEqual(progressAfter([served], 300, 0), { clear: [served.id], note: '' });
});
