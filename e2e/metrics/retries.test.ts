import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutageLine } from '../core/record/recordLine.ts';
import { underFault } from '../core/testing/objectives.ts';
import { modelCallOf, recordOf, requestOf, STARTED_AT_MS } from '../core/testing/recordOf.ts';
import { deriveEvents } from './deriveEvents.ts';
import { type CallAt, failedAt, leftAt, readingOf, requestUnder } from './testing/readingOf.ts';

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

test('attempts: those at the call that was tried most often, bad beyond the objective', () => {
  assert.equal(readingOf(underFault('attempts', 5), FAILED, fiveTimes), 'good at 5');
  assert.equal(readingOf(underFault('attempts', 4), FAILED, fiveTimes), 'bad at 5');
  const both: CallAt[] = [
    [5, 10, well],
    [20, 30, narrative],
    [140, 150, narrative],
  ];
  assert.equal(readingOf(underFault('attempts', 1), FAILED, both), 'bad at 2');
});

test('attempts: those of a request outside any fault count too', () => {
  const anywhere = underFault('attempts', 1, { fault: null });
  assert.equal(readingOf(anywhere, { fault: null }, [[5, 10, well]]), 'good at 1');
});

test('attemptRate: the most calls within any second, its end left out', () => {
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

test('retryAfter: the next attempt came no sooner than asked, from the end of the call on', () => {
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

test('retryAfter: one attempt that came too soon is bad, and another kind of call is no attempt', () => {
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

const FAILED_ANSWER = failedAt(1600);
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
  readingOf(underFault('gapGrowth', 1.4), FAILED_ANSWER, callsAfter(waits));

test('gapGrowth: the factor from wait to wait, from the first to the last', () => {
  assert.equal(growthOf(100, 200, 400, 800), 'good at 2');
  assert.equal(growthOf(100, 900, 20, 800), 'good at 2');
  assert.equal(growthOf(100, 140), 'bad at 1.4');
  assert.equal(growthOf(100, 141), 'good at 1.41');
  assert.equal(growthOf(50, 100, 75, 100), 'bad at 1.26');
  assert.equal(growthOf(800, 400, 200, 100), 'bad at 0.5');
});

test('gapGrowth: retries without a pause do not grow, whatever delay the machine adds', () => {
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
  assert.equal(readingOf(objective, FAILED_ANSWER, [classification, ...narrative]), 'good at 2');
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

test('jitter: each request belongs to one pair, and one with fewer than two waits to none', () => {
  const waits = [100, 200];
  assert.deepEqual(jitterOf(waits, waits, waits).values, [0]);
  assert.deepEqual(jitterOf(waits, waits, waits, waits).values, [0, 0]);
  assert.deepEqual(jitterOf(waits, [100], [], waits), { missing: 0, values: [0] });
  assert.deepEqual(jitterOf(waits).values, []);
});

test('jitter: only waits that both requests have are compared', () => {
  assert.deepEqual(jitterOf([100, 200, 400], [100, 100]).values, [25]);
});

test('jitter: a request whose calls are not all known is missing', () => {
  const requests = [0, 1, 2].map((index) => requestOf(index, { workload: 'down', fault: 'down' }));
  const record = recordOf([JITTER], { requests, modelCalls: [] });
  assert.equal(deriveEvents(JITTER, record).missing, 3);
});

const RECOVERY = underFault('recovery', 2000);

/** Times in ms after the start. */
const outage = (fromMs: number, untilMs: number, workload = 'down'): OutageLine => ({
  type: 'outage',
  workload,
  fromMs: STARTED_AT_MS + fromMs,
  untilMs: STARTED_AT_MS + untilMs,
});

const sent = (sentMs: number, endedMs: number, failure: string | null = null) => ({
  sentAtMs: STARTED_AT_MS + sentMs,
  failure,
  values: { endedMs: endedMs - sentMs },
});

const reading = (request: object, outages = [outage(1500, 3000)]) =>
  readingOf(RECOVERY, request, [], { outages });

test('recovery: from the end of the outage, or the sending if that is later, to the answer', () => {
  for (const [words, request, expected] of [
    ['sent in it', sent(2000, 3400), 'good at 400'],
    ['sent before it', sent(1000, 3400), 'good at 400'],
    ['sent after it', sent(3500, 3900), 'good at 400'],
    ['at the objective', sent(2000, 5000), 'good at 2000'],
    ['beyond it', sent(2000, 5001), 'bad at 2001'],
    ['over before it', sent(1000, 1400), 'nothing'],
    ['answered in the middle of it', sent(1400, 1600), 'nothing'],
    ['over as it ends', sent(2000, 3000), 'nothing'],
  ] as const) {
    assert.equal(reading(request), expected, words);
  }
});

test('recovery: a request that failed after the model was well again had not recovered', () => {
  for (const [words, request, expected] of [
    ['sent after it', sent(3100, 3110, 'status 502'), 'bad at 2001'],
    ['sent in it, and failed in it', sent(2000, 2900, 'status 502'), 'nothing'],
    ['its last attempt may have been in it', sent(2000, 4000, 'status 502'), 'nothing'],
    ['long after it', sent(2000, 4001, 'status 502'), 'bad at 2001'],
  ] as const) {
    assert.equal(reading(request), expected, words);
  }
  const requests = [
    requestUnder({ ...sent(3100, 3110, 'status 502'), id: '5f3a9c1e-1' }),
    requestUnder({ ...sent(9000, 9300), id: '5f3a9c1e-2' }),
  ];
  const record = recordOf([RECOVERY], { requests, outages: [outage(1500, 3000)] });
  assert.deepEqual(
    deriveEvents(RECOVERY, record).events.map(({ value }) => value),
    [6200, 300],
  );
});

test('recovery: each of several outages has its own end', () => {
  const two = [outage(1500, 3000), outage(6000, 8000)];
  assert.equal(reading(sent(3100, 3500), two), 'good at 400');
  assert.equal(reading(sent(5900, 7000, 'status 502'), two), 'nothing');
  assert.equal(reading(sent(7000, 8400), two), 'good at 400');
});

test('recovery: missing without an outage, or without the end of the request', () => {
  assert.equal(reading(sent(3500, 3900), []), 'missing');
  assert.equal(reading(sent(3500, 3900), [outage(1500, 3000, 'another')]), 'missing');
  assert.equal(reading({ ...sent(1000, 1200), values: { latencyMs: 200 } }), 'missing');
});

test('answered: only an answer with a call under the fault counts as given in spite of it', () => {
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
