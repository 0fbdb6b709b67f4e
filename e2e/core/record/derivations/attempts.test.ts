import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underFault } from '../../testing/objectives.ts';
import { type CallAt, failedAt, readingOf } from '../../testing/readingOf.ts';

const FAILED = failedAt(1600);
const well = { fault: null };
const narrative = { kind: 'narrative' } as const;
const once: CallAt[] = [[5, 10]];
const fiveTimes: CallAt[] = [0, 110, 330, 770, 1600].map((ms) => [ms, ms + 10]);

/** What no metric of attempts can tell anything from. */
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
  test(`${metric} is missing where nobody knows`, () => {
    for (const [why, calls] of Object.entries(UNKNOWN)) {
      assert.equal(readingOf(underFault(metric, 5), FAILED, calls), 'missing', why);
    }
  });
}

test('retried: any call was made a second time', () => {
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

test('attempts of a request that meets no fault count too', () => {
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
  // A storm that begins late in a request is one.
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

test('retryAfter: one attempt that came too soon is enough, and another kind of call is none', () => {
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
