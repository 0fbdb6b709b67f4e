import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addEvent,
  designEffect,
  type EventTally,
  keyOfBet,
  startTally,
  tallyEvents,
} from './eventTally.ts';

const bits = (text: string) => [...text].map((bit) => ({ bad: bit === '1' }));
const tallyOf = (text: string, allowedShare = 0.05) => tallyEvents(allowedShare, bits(text));
/** Events at one distance from each other. */
const every = (ms: number, text: string, allowedShare = 0.05) =>
  tallyEvents(
    allowedShare,
    bits(text).map((event, at) => ({ ...event, atMs: 1e12 + at * ms })),
  );

/** Every bet as [bad, events], the open one last. */
function betsOf({ bets, bet }: EventTally): [number, number][] {
  const closed = [...bets.values()].flatMap(({ bad, n, count }) =>
    Array.from({ length: count }, (): [number, number] => [bad, n]),
  );
  return bet.n === 0 ? closed : [...closed, [bet.bad, bet.n]];
}

test('counts events, bursts and the size of bursts', () => {
  const tally = tallyOf('0110100111', 0.5);
  assert.deepEqual([tally.n, tally.bad, tally.bursts], [10, 6, 3]);
  assert.equal(tally.sumOfSquaredBursts, 4 + 1 + 9);
});

test('all sums agree with a count over the whole sequence', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (sequence) => {
      const text = sequence.map((bad) => (bad ? '1' : '0')).join('');
      const tally = tallyOf(text);
      const bursts = (text.match(/1(0{0,4}1)*/g) ?? []).map((burst) => burst.replaceAll('0', ''));
      assert.equal(tally.bursts, bursts.length);
      assert.equal(
        tally.sumOfSquaredBursts,
        bursts.reduce((sum, { length }) => sum + length ** 2, 0),
      );
      const bets = betsOf(tally);
      assert.equal(
        bets.reduce((sum, [bad]) => sum + bad, 0),
        tally.bad,
      );
      assert.equal(bets.reduce((sum, [, n]) => sum + n, 0) + tally.loneGood, tally.n);
    }),
  );
});

test('up to four good events do not end a burst at 5 %, none does at 50 %', () => {
  assert.equal(tallyOf('100001').bursts, 1);
  assert.equal(tallyOf('1000001').bursts, 2);
  assert.equal(tallyOf('101', 0.5).bursts, 2);
  assert.equal(tallyOf('100001', 0).bursts, 1);
});

test('a burst ends after 5 s, and if the next bad event comes 2 s later', () => {
  assert.equal(every(100, '1'.repeat(49)).bursts, 1);
  assert.equal(every(100, '1'.repeat(51)).bursts, 2);
  assert.equal(every(1_999, '111').bursts, 1);
  assert.equal(every(2_000, '111').bursts, 3);
  assert.equal(every(1_000, '1001').bursts, 2);
});

test('a bet covers a burst from its first bad event to the good one that ends it', () => {
  assert.deepEqual(betsOf(tallyOf('0110100', 0.5)), [
    [2, 3],
    [1, 2],
  ]);
  assert.equal(tallyOf('0110100', 0.5).loneGood, 2);
  assert.deepEqual(betsOf(tallyOf('10010000000')), [[2, 9]]);
  // The end is not known yet.
  assert.deepEqual(betsOf(tallyOf('0100')), [[1, 3]]);
});

test('a bet ends after 50 events even if its burst goes on', () => {
  const tally = tallyOf('1'.repeat(120), 0.5);
  assert.equal(tally.bursts, 1);
  assert.deepEqual(betsOf(tally), [
    [50, 50],
    [50, 50],
    [20, 20],
  ]);
});

test('for events seconds apart a bet takes as many bad ones as the odds against one', () => {
  assert.deepEqual(betsOf(every(3_000, '1111', 0.5)), [...new Array(4).fill([1, 1])]);
  assert.deepEqual(betsOf(every(3_000, '11111', 0.25)), [
    [3, 3],
    [2, 2],
  ]);
  assert.equal(every(3_000, '11111', 0.25).bursts, 5);
});

test('a burst and a bet end with the most bad events that one incident can cause', () => {
  const tally = tallyEvents(0.5, bits('011111100'), { mostInABurst: 4 });
  assert.deepEqual([tally.bursts, tally.sumOfSquaredBursts], [2, 16 + 4]);
  assert.deepEqual(betsOf(tally), [
    [4, 4],
    [2, 3],
  ]);
});

test('bets with another outcome have another key', () => {
  const outcomes = Array.from({ length: 51 }, (_, n) =>
    Array.from({ length: n + 1 }, (_, bad) => ({ bad, n })),
  ).flat();
  assert.equal(new Set(outcomes.map(keyOfBet)).size, outcomes.length);
});

test('the size of a tally does not grow with the number of events', () => {
  for (const allowedShare of [0.5, 0.05]) {
    const tally = startTally(allowedShare);
    let state = 1;
    for (let at = 0; at < 1_000_000; at++) {
      state = (state * 48_271) % 2_147_483_647;
      addEvent(tally, state % 1000 < 1000 * allowedShare);
    }
    assert.equal(tally.n, 1_000_000);
    assert.ok(tally.bets.size < 150, `${tally.bets.size}`);
  }
});

test('the design effect is 1 for independent events and the burst size for bursts', () => {
  assert.equal(designEffect(tallyOf('0'.repeat(50))), null);
  assert.equal(designEffect(tallyOf('1'.repeat(50))), 1);
  assert.equal(designEffect(tallyOf(`1${'0'.repeat(99)}`.repeat(20))), 1);
  const threes = designEffect(tallyOf(`111${'0'.repeat(997)}`.repeat(20))) ?? 0;
  assert.ok(threes > 2.8 && threes < 3, `${threes}`);
});

test('a steady beat is not a burst; bad events with single good ones between are', () => {
  assert.equal(designEffect(tallyOf('0001'.repeat(50), 0.5)), 1);
  const sparing = designEffect(tallyOf(`10101010${'0'.repeat(152)}`.repeat(20))) ?? 0;
  assert.ok(sparing > 3, `${sparing}`);
});

test('a few long bursts among many short ones raise the design effect', () => {
  const short = `1${'0'.repeat(30)}`.repeat(100);
  assert.equal(designEffect(tallyOf(short)), 1);
  const effect = designEffect(tallyOf(`${short}${'1'.repeat(30)}${'0'.repeat(300)}`)) ?? 0;
  assert.ok(effect > 5, `${effect}`);
});
