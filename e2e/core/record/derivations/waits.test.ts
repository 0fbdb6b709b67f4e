import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underFault } from '../../testing/objectives.ts';
import { type CallAt, failedAt, readingOf } from '../../testing/readingOf.ts';
import { modelCallOf, recordOf, requestOf } from '../../testing/recordOf.ts';
import { deriveEvents } from '../deriveEvents.ts';

const FAILED = failedAt(1600);
const JITTER = underFault('jitter', 5);
const CALL_MS = 10;

/** Calls of 10 ms with these waits between them. */
function callsAfter(waits: number[]): CallAt[] {
  let atMs = 0;
  return [0, ...waits].map((waitMs, at) => {
    atMs += waitMs + (at === 0 ? 0 : CALL_MS);
    return [atMs, atMs + CALL_MS];
  });
}

const growthOf = (...waits: number[]) =>
  readingOf(underFault('gapGrowth', 1.4), FAILED, callsAfter(waits));

test('gapGrowth: the factor from wait to wait, from the first to the last', () => {
  assert.equal(growthOf(100, 200, 400, 800), 'good at 2');
  assert.equal(growthOf(100, 900, 20, 800), 'good at 2');
  assert.equal(growthOf(100, 140), 'bad at 1.4');
  assert.equal(growthOf(100, 141), 'good at 1.41');
  assert.equal(growthOf(50, 100, 75, 100), 'bad at 1.26');
  assert.equal(growthOf(800, 400, 200, 100), 'bad at 0.5');
});

test('gapGrowth: no pause at all does not grow, whatever the machine adds', () => {
  assert.equal(growthOf(0, 0, 0, 0), 'bad at 1');
  assert.equal(growthOf(0.2, 3, 7, 19.9), 'bad at 1');
  assert.equal(growthOf(-5, 20), 'bad at 1', 'overlapping attempts');
});

test('gapGrowth: fewer than two waits say nothing', () => {
  assert.equal(growthOf(), 'nothing');
  assert.equal(growthOf(100), 'nothing');
});

test('gapGrowth: the waits are those of the call that was tried most often', () => {
  const classification: CallAt = [0, 10, { kind: 'classification', fault: null }];
  const narrative = callsAfter([100, 200]).map(
    ([from, to]): CallAt => [from + 20, to + 20, { kind: 'narrative' }],
  );
  const objective = underFault('gapGrowth', 1.4);
  assert.equal(readingOf(objective, FAILED, [classification, ...narrative]), 'good at 2');
});

/** Jitter of requests with these waits, in the order of sending. */
function jitterOf(...waitsOfEach: number[][]) {
  const requests = waitsOfEach.map((_, index) =>
    requestOf(index, { workload: 'down', fault: 'down', failure: 'status 502', status: 502 }),
  );
  const modelCalls = waitsOfEach.flatMap((waits, index) =>
    callsAfter(waits).map(([from, to], at) =>
      modelCallOf(index, {
        attempt: at + 1,
        arrivedAtMs: 1_800_000_000_000 + from,
        endedMs: to - from,
        fault: 'status',
      }),
    ),
  );
  const { events, missing } = deriveEvents(JITTER, recordOf([JITTER], { requests, modelCalls }));
  return { missing, values: events.map(({ value }) => Number((value ?? -1).toFixed(2))) };
}

test('jitter: by how much the waits of two requests differ, in percent of the longer', () => {
  assert.deepEqual(jitterOf([100, 200], [50, 200]), { missing: 0, values: [25] });
  assert.deepEqual(jitterOf([50, 200], [100, 200]), { missing: 0, values: [25] });
  assert.deepEqual(jitterOf([100, 200], [100, 200]), { missing: 0, values: [0] });
  assert.deepEqual(jitterOf([0, 0, 0], [3, 19, 7]), { missing: 0, values: [0] });
});

test('jitter: each request is of one pair; one that waited less than twice of none', () => {
  const waits = [100, 200];
  assert.deepEqual(jitterOf(waits, waits, waits).values, [0]);
  assert.deepEqual(jitterOf(waits, waits, waits, waits).values, [0, 0]);
  assert.deepEqual(jitterOf(waits, [100], [], waits), { missing: 0, values: [0] });
  assert.deepEqual(jitterOf(waits).values, []);
});

test('jitter: only what both waited for is compared', () => {
  assert.deepEqual(jitterOf([100, 200, 400], [100, 100]).values, [25]);
});

test('jitter: a request whose calls are not all known is missing', () => {
  const requests = [0, 1, 2].map((index) => requestOf(index, { workload: 'down', fault: 'down' }));
  const record = recordOf([JITTER], { requests, modelCalls: [] });
  assert.equal(deriveEvents(JITTER, record).missing, 3);
});
