import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underFault } from '../core/testing/objectives.ts';
import { recordOf, requestOf } from '../core/testing/recordOf.ts';
import { deriveEvents } from './deriveEvents.ts';
import { type CallAt, callsAt, failedAt, leftAt, readingOf } from './testing/readingOf.ts';

const FAILED = failedAt(1600);
const well = { fault: null };
const narrative = { kind: 'narrative' } as const;
const once: CallAt[] = [[5, 10]];
const fiveTimes: CallAt[] = [0, 110, 330, 770, 1600].map((ms) => [ms, ms + 10]);

/** Calls that no metric of attempts can be derived from. */
const UNKNOWN: Record<string, CallAt[]> = {
  'no call was seen': [],
  'the model was well': [[5, 10, well]],
  'an attempt did not reach the record': [
    [5, 10],
    [200, 210, { attempt: 3 }],
  ],
  'the first attempt did not reach the record': [[200, 210, { attempt: 2 }]],
  'an attempt stands twice': [
    [5, 10],
    [5, 10, { attempt: 1 }],
  ],
};

for (const metric of ['retried', 'attempts', 'attemptRate', 'retryAfter', 'gapGrowth'] as const) {
  test(`${metric} is missing where it cannot be known`, () => {
    for (const [why, calls] of Object.entries(UNKNOWN)) {
      assert.equal(readingOf(underFault(metric, 5), FAILED, calls), 'missing', why);
    }
  });
}

test('retried is good if any call was made again', () => {
  const retried = underFault('retried');
  assert.equal(readingOf(retried, FAILED, fiveTimes), 'good');
  assert.equal(readingOf(retried, FAILED, once), 'bad');
  const oneEach: CallAt[] = [
    [5, 10, well],
    [20, 30, narrative],
  ];
  assert.equal(readingOf(retried, FAILED, oneEach), 'bad');
  assert.equal(readingOf(retried, FAILED, [...oneEach, [140, 150, narrative]]), 'good');
});

test('attempts counts those at the call that was tried most often, and is bad beyond the objective', () => {
  assert.equal(readingOf(underFault('attempts', 5), FAILED, fiveTimes), 'good at 5');
  assert.equal(readingOf(underFault('attempts', 4), FAILED, fiveTimes), 'bad at 5');
  const both: CallAt[] = [
    [5, 10, well],
    [20, 30, narrative],
    [140, 150, narrative],
  ];
  assert.equal(readingOf(underFault('attempts', 1), FAILED, both), 'bad at 2');
});

test('attempts of a request outside any fault count too', () => {
  const anywhere = underFault('attempts', 1, { fault: null });
  assert.equal(readingOf(anywhere, { fault: null }, [[5, 10, well]]), 'good at 1');
});

test('attemptRate is the most calls within any second, its end left out', () => {
  const within = (...atMs: number[]) =>
    readingOf(
      underFault('attemptRate', 3),
      FAILED,
      atMs.map((ms) => [ms, ms + 1]),
    );
  assert.equal(within(0, 500, 999), 'good at 3');
  assert.equal(within(0, 400, 800, 999), 'bad at 4');
  assert.equal(within(0, 400, 800, 1000), 'good at 3');
  // A storm that begins late in a request counts.
  assert.equal(within(0, 5000, 5300, 5600, 5999), 'bad at 4');
});

test('retryAfter is good if the next attempt came no sooner after the end of the call than asked', () => {
  const asked = (nextMs: number, retryAfterMs: number | null = 1000): string =>
    readingOf(underFault('retryAfter'), FAILED, [
      [0, 20, { retryAfterMs }],
      [nextMs, nextMs + 10],
    ]);
  assert.equal(asked(1020), 'good');
  assert.equal(asked(1015), 'good', 'a timer may fire a little early');
  assert.equal(asked(1014), 'bad');
  assert.equal(asked(10), 'bad', 'before the call was even over');
  assert.equal(asked(0), 'bad', 'at the same moment');
  assert.equal(asked(1020, null), 'nothing', 'no wait was asked for');
  assert.equal(
    readingOf(underFault('retryAfter'), FAILED, [[0, 20, { retryAfterMs: 1000 }]]),
    'nothing',
  );
});

test('retryAfter is bad if any attempt came too soon, and a call of another kind is no attempt', () => {
  const wait = { retryAfterMs: 1000 };
  const calls: CallAt[] = [
    [0, 20, wait],
    [1100, 1120, wait],
    [1300, 1310],
  ];
  assert.equal(readingOf(underFault('retryAfter'), FAILED, calls), 'bad');
  const other: CallAt[] = [
    [0, 20, wait],
    [30, 40, narrative],
  ];
  assert.equal(readingOf(underFault('retryAfter'), FAILED, other), 'nothing');
});

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

test('gapGrowth is the mean factor from wait to wait, from the first to the last', () => {
  assert.equal(growthOf(100, 200, 400, 800), 'good at 2');
  assert.equal(growthOf(100, 900, 20, 800), 'good at 2');
  assert.equal(growthOf(100, 140), 'bad at 1.4');
  assert.equal(growthOf(100, 141), 'good at 1.41');
  assert.equal(growthOf(50, 100, 75, 100), 'bad at 1.26');
  assert.equal(growthOf(800, 400, 200, 100), 'bad at 0.5');
});

test('waits of retries without a pause do not grow, whatever delay the machine adds', () => {
  assert.equal(growthOf(0, 0, 0, 0), 'bad at 1');
  assert.equal(growthOf(0.2, 3, 7, 19.9), 'bad at 1');
  assert.equal(growthOf(-5, 20), 'bad at 1', 'overlapping attempts');
});

test('fewer than two waits say nothing of gapGrowth', () => {
  assert.equal(growthOf(), 'nothing');
  assert.equal(growthOf(100), 'nothing');
});

test('gapGrowth takes the waits of the call that was tried most often', () => {
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
    callsAt(callsAfter(waits)).map((call) => ({ ...call, index })),
  );
  const { events, missing } = deriveEvents(JITTER, recordOf([JITTER], { requests, modelCalls }));
  return { missing, values: events.map(({ value }) => Number((value ?? -1).toFixed(2))) };
}

test('jitter is by how much the waits of two requests differ, in percent of the longer', () => {
  assert.deepEqual(jitterOf([100, 200], [50, 200]), { missing: 0, values: [25] });
  assert.deepEqual(jitterOf([50, 200], [100, 200]), { missing: 0, values: [25] });
  assert.deepEqual(jitterOf([100, 200], [100, 200]), { missing: 0, values: [0] });
  assert.deepEqual(jitterOf([0, 0, 0], [3, 19, 7]), { missing: 0, values: [0] });
});

test('for jitter each request belongs to one pair, and one with fewer than two waits to none', () => {
  const waits = [100, 200];
  assert.deepEqual(jitterOf(waits, waits, waits).values, [0]);
  assert.deepEqual(jitterOf(waits, waits, waits, waits).values, [0, 0]);
  assert.deepEqual(jitterOf(waits, [100], [], waits), { missing: 0, values: [0] });
  assert.deepEqual(jitterOf(waits).values, []);
});

test('jitter compares only the waits that both requests have', () => {
  assert.deepEqual(jitterOf([100, 200, 400], [100, 100]).values, [25]);
});

test('jitter is missing for a request whose calls are not all known', () => {
  const requests = [0, 1, 2].map((index) => requestOf(index, { workload: 'down', fault: 'down' }));
  const record = recordOf([JITTER], { requests, modelCalls: [] });
  assert.equal(deriveEvents(JITTER, record).missing, 3);
});

test('only an answer with a call under the fault counts as given despite it', () => {
  const answered = underFault('answered');
  const FAULTY: CallAt[] = [[0, 20, { fault: 'malformedJson' }]];
  const DROPPED = { status: null, failure: 'reset', values: { endedMs: 5 } };
  assert.equal(readingOf(answered, {}, FAULTY), 'good');
  assert.equal(readingOf(answered, {}, []), 'missing');
  for (const request of [FAILED, leftAt(40), DROPPED]) {
    assert.equal(readingOf(answered, request, FAULTY), 'bad');
    assert.equal(readingOf(answered, request, []), 'bad');
  }
});
