import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../metrics/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import {
  availability,
  latencyP95,
  metadataAccuracy,
  modelCallsPerRequest,
} from '../testing/objectives.ts';
import { modelCallOf, noopOf, recordOf, requestOf } from '../testing/recordOf.ts';
import { deriveEvents } from './deriveEvents.ts';
import type { RequestLine } from './measurementLine.ts';

const failed = { status: 500, failure: 'status 500', values: {} };
const eventsOf = (objective: Objective, requests: RequestLine[]) =>
  deriveEvents(objective, recordOf([objective], { requests }));

test('latency judges answered requests, and says how many failed', () => {
  const series = eventsOf(latencyP95, [
    requestOf(0),
    requestOf(1, failed),
    requestOf(2, { values: { latencyMs: 2000 } }),
  ]);
  assert.equal(series.failed, 1);
  assert.deepEqual(
    series.events.map(({ id, value, bad }) => [id, value, bad]),
    [
      ['5f3a9c1e-0', 350, false],
      ['5f3a9c1e-2', 2000, true],
    ],
  );
});

test('an answered request without the value is missing, not good', () => {
  const series = eventsOf(latencyP95, [requestOf(0), requestOf(1, { values: {} })]);
  assert.deepEqual([series.events.length, series.missing], [1, 1]);
});

test('availability judges all requests of all operations, once each', () => {
  const series = eventsOf(availability, [
    requestOf(0),
    requestOf(1, failed),
    requestOf(2, { operation: 'chat' }),
  ]);
  assert.deepEqual(
    series.events.map((event) => event.bad),
    [false, true, false],
  );
  assert.equal(series.missing, 0);
});

test('warm-up, faults and other operations take no part', () => {
  const others = [
    requestOf(0, { warmUp: true }),
    requestOf(1, { fault: 'slow' }),
    requestOf(2, { operation: 'chat' }),
  ];
  assert.equal(eventsOf(latencyP95, others).events.length, 0);
  assert.equal(eventsOf(availability, others).events.length, 1);
});

test('a report that is missing is a bad event of metadata accuracy alone', () => {
  const requests = [requestOf(0), requestOf(1, { values: { latencyMs: 350 } })];
  const record = recordOf([metadataAccuracy], { requests, noops: [noopOf(1)] });
  assert.deepEqual(
    deriveEvents(metadataAccuracy, record).events.map((event) => event.bad),
    [false, true],
  );
  assert.deepEqual(
    deriveEvents(latencyP95, record).events.map((event) => event.bad),
    [false, false],
  );
});

test('without a no-op round trip metadata accuracy is missing', () => {
  const series = eventsOf(metadataAccuracy, [requestOf(0), requestOf(1)]);
  assert.deepEqual([series.events.length, series.missing], [0, 2]);
});

test('own time is the latency less all calls of the model, known where each was seen to its end', () => {
  const ownTime: Objective = {
    ...latencyP95,
    id: 'classify.ownTime.p95',
    metric: METRICS.ownTime,
    objective: 50,
  };
  const requests = [
    requestOf(0),
    requestOf(1, { values: { latencyMs: 350, totalMs: 700 } }),
    requestOf(2),
    requestOf(3),
  ];
  const modelCalls = [
    modelCallOf(0),
    modelCallOf(1, { durationMs: 300 }),
    modelCallOf(1, { durationMs: 390, kind: 'narrative' }),
    modelCallOf(2, { durationMs: null }),
    modelCallOf(3, { scope: '00000000' }),
  ];
  const series = deriveEvents(ownTime, recordOf([ownTime], { requests, modelCalls }));
  assert.deepEqual(
    series.events.map((event) => event.value),
    [10, 10],
  );
  assert.equal(series.missing, 2);
});

test('a count is bad above the objective, not at it', () => {
  const requests = [requestOf(0, { operation: 'chat' }), requestOf(1, { operation: 'chat' })];
  const modelCalls = [0, 0, 1, 1, 1].map((index) => modelCallOf(index));
  const series = deriveEvents(
    modelCallsPerRequest,
    recordOf([modelCallsPerRequest], { requests, modelCalls }),
  );
  assert.deepEqual(
    series.events.map(({ value, bad }) => [value, bad]),
    [
      [2, false],
      [3, true],
    ],
  );
});
