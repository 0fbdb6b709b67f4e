import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestLine } from '../../core/record/measurementLine.ts';
import type { ModelCallLine } from '../../core/record/recordLine.ts';
import { availability, latencyP95 } from '../../core/testing/objectives.ts';
import {
  iterationOf,
  modelCallOf,
  recordOf,
  requestOf,
  STARTED_AT_MS,
} from '../../core/testing/recordOf.ts';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { buildWaterfall, describeSlowest, findSlowestRequest } from './slowestRequest.ts';

/** The slowest of three requests, with these parts and calls of the model. */
function findSlowest(request: Partial<RequestLine>, calls: Partial<ModelCallLine>[] = []) {
  const parts = { sentAtMs: STARTED_AT_MS, values: { latencyMs: 2500 }, ...request };
  const requests = [requestOf(0), requestOf(1, parts), requestOf(2)];
  const modelCalls = [
    modelCallOf(0, { durationMs: 9000, endedMs: 9000 }),
    ...calls.map((call) => modelCallOf(1, call)),
  ];
  const record = recordOf([latencyP95], { requests, modelCalls });
  const slowest = findSlowestRequest(latencyP95, deriveEvents(latencyP95, record), record);
  assert.ok(slowest !== null);
  return slowest;
}

test('the slowest request has its own calls of the model in the order of arrival', () => {
  const slowest = findSlowest({}, [
    { attempt: 2, arrivedAtMs: STARTED_AT_MS + 700, endedMs: 300 },
    { attempt: 1, arrivedAtMs: STARTED_AT_MS + 100, endedMs: 500, end: 'aborted' },
  ]);
  assert.equal(slowest.request.id, '5f3a9c1e-1');
  assert.deepEqual(
    slowest.calls.map(({ attempt }) => attempt),
    [1, 2],
  );
  const { rows, totalMs } = buildWaterfall(slowest);
  assert.equal(totalMs, 2500);
  assert.deepEqual(
    rows.map(({ label, note }) => [label, note]),
    [
      ['request', undefined],
      ['model: classification, attempt 1', 'given up'],
      ['model: classification, attempt 2', 'answered with 200'],
    ],
  );
  assert.deepEqual(rows[2]?.segments, [{ name: 'call of the model', fromMs: 700, toMs: 1000 }]);
});

test('the phases of a request that a page sent follow each other from its start', () => {
  const phases = {
    startedAtMs: STARTED_AT_MS + 12,
    ...{ queueMs: 3, dnsMs: null, connectMs: 20, tlsMs: null },
    ...{ sendMs: 1, waitMs: 900, downloadMs: 64 },
  };
  const values = { latencyMs: 2500, firstChunkMs: 1000 };
  const samples = [iterationOf(0, { values, phases })];
  const record = recordOf([latencyP95], { samples });
  const slowest = findSlowestRequest(latencyP95, deriveEvents(latencyP95, record), record);
  assert.ok(slowest !== null);
  const { rows } = buildWaterfall(slowest);
  assert.deepEqual(rows[0]?.segments, [
    { name: 'until the first words', fromMs: 0, toMs: 1000 },
    { name: 'until the last', fromMs: 1000, toMs: 2500 },
  ]);
  assert.deepEqual(
    rows[1]?.segments.map(({ name, fromMs, toMs }) => [name, fromMs, toMs]),
    [
      ['queued', 12, 15],
      ['connect', 15, 35],
      ['sent', 35, 36],
      ['waiting', 36, 936],
      ['download', 936, 1000],
    ],
  );
});

test('the sentence says whether the model took most of the time; overlapping calls count once', () => {
  const at = (fromMs: number, endedMs: number) => ({
    arrivedAtMs: STARTED_AT_MS + fromMs,
    endedMs,
  });
  assert.equal(
    describeSlowest(findSlowest({}, [at(100, 400)])),
    'took 2500.0 ms: 2100.0 ms of its own and 400.0 ms in its call of the model',
  );
  assert.equal(
    describeSlowest(findSlowest({}, [at(0, 1500), at(500, 1500), at(2400, 900)])),
    'took 2500.0 ms: 2100.0 ms in its 3 calls of the model and 400.0 ms of its own',
  );
  assert.equal(describeSlowest(findSlowest({})), null);
});

test('an objective without time or data has no slowest request', () => {
  const record = recordOf([availability], { requests: [requestOf(0)] });
  assert.equal(findSlowestRequest(availability, deriveEvents(availability, record), record), null);
  const empty = recordOf([latencyP95]);
  assert.equal(findSlowestRequest(latencyP95, deriveEvents(latencyP95, empty), empty), null);
});
