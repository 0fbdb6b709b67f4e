import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import type { RequestLine } from '../core/record/measurementLine.ts';
import {
  availability,
  latencyP95,
  metadataAccuracy,
  underFault,
} from '../core/testing/objectives.ts';
import {
  auditOf,
  iterationOf,
  modelCallOf,
  noopOf,
  recordOf,
  requestOf,
} from '../core/testing/recordOf.ts';
import { deriveEvents } from './deriveEvents.ts';
import { METRICS } from './metrics.ts';
import { type CallAt, failedAt, readingOf } from './testing/readingOf.ts';

const failed = { status: 500, failure: 'status 500', values: {} };
const answeredCall: CallAt[] = [[0, 340, { end: 'answered', durationMs: 340 }]];
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

test('availability judges all requests of all operations, with or without values', () => {
  const series = eventsOf(availability, [
    requestOf(0),
    requestOf(1, failed),
    requestOf(2, { operation: 'chat', values: {} }),
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

test('a missing report is a bad event of metadata accuracy only', () => {
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

test('measurements of a page take no part in an objective over all requests', () => {
  const availability = underFault('availability', 0.99, { workload: null, fault: null });
  const requests = [requestOf(0)];
  const samples = [iterationOf(1, { failure: 'answer failed' })];
  const { events } = deriveEvents(availability, recordOf([availability], { requests, samples }));
  assert.deepEqual(
    events.map(({ id, bad }) => [id.endsWith('-0'), bad]),
    [[true, false]],
  );
});

test('a measurement of a kind that the metric cannot take is missing, so that nothing passes', () => {
  const samples = [auditOf(0, { workload: 'down', values: { lcpMs: 900 } })];
  const derive = (metric: 'lcp' | 'latency' | 'availability') => {
    const objective = underFault(metric, 2000, { fault: null });
    const { events, missing } = deriveEvents(objective, recordOf([objective], { samples }));
    return [events.length, missing];
  };
  assert.deepEqual(
    [derive('lcp'), derive('latency'), derive('availability')],
    [
      [1, 0],
      [0, 1],
      [0, 1],
    ],
  );
});

test('model calls are counted for answered requests, and are bad above the objective', () => {
  const modelCalls = underFault('modelCalls', 1);
  assert.equal(readingOf(modelCalls, {}, answeredCall), 'good at 1');
  assert.equal(readingOf(modelCalls, {}, [...answeredCall, [400, 500]]), 'bad at 2');
  assert.equal(readingOf(modelCalls, {}, []), 'missing');
  assert.equal(readingOf(modelCalls, failedAt(40), answeredCall), 'nothing');
});
