import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { designEffect } from './designEffect.ts';
import { addEvent, startTally, tallyEvents } from './eventTally.ts';

const bits = (text: string) => [...text].map((bit) => ({ bad: bit === '1' }));
const tallyOf = (text: string, allowedShare = 0.05) => tallyEvents(allowedShare, bits(text));

test('counts events, runs and the size of runs', () => {
  const tally = tallyOf('0110100111');
  assert.deepEqual([tally.n, tally.bad, tally.runs], [10, 6, 3]);
  assert.equal(tally.sumOfSquaredRuns, 4 + 1 + 9);
  assert.deepEqual(tally.pairsAtLag.slice(0, 3), [3, 2, 2]);
});

test('all sums agree with a count over the whole sequence', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (sequence) => {
      const tally = tallyEvents(
        0.05,
        sequence.map((bad) => ({ bad })),
      );
      const text = sequence.map((bad) => (bad ? '1' : '0')).join('');
      const runs = text.match(/1+/g) ?? [];
      assert.equal(tally.runs, runs.length);
      assert.equal(
        tally.sumOfSquaredRuns,
        runs.reduce((sum, { length }) => sum + length ** 2, 0),
      );
      tally.pairsAtLag.forEach((pairs, at) => {
        const expected = sequence.filter((bad, place) => bad && sequence[place - at - 1]).length;
        assert.equal(pairs, expected);
      });
      const bursts = (text.match(/1(0{0,4}1)*/g) ?? []).map(
        (burst) => burst.replaceAll('0', '').length,
      );
      assert.equal(
        tally.bursts,
        bursts.reduce((sum, size) => sum + Math.ceil(size / 12), 0),
      );
    }),
  );
});

test('up to four good events do not end a burst at 5 %, none does at 50 %', () => {
  assert.equal(tallyOf('100001').bursts, 1);
  assert.equal(tallyOf('1000001').bursts, 2);
  assert.equal(tallyOf('101', 0.5).bursts, 2);
  assert.equal(tallyOf('100001', 0).bursts, 1);
});

test('what goes on for 5 s counts anew, so that one use in seconds is a burst of its own', () => {
  const badEvery = (ms: number) =>
    tallyEvents(
      0.05,
      Array.from({ length: 10 }, (_, at) => ({ bad: true, atMs: 1e12 + at * ms })),
    ).bursts;
  assert.equal(badEvery(100), 1);
  assert.equal(badEvery(2_500), 5);
  assert.equal(badEvery(5_500), 10);
});

test('its size does not grow with the number of events', () => {
  let tally = startTally(0.05);
  const sizeOf = () => JSON.stringify(Object.keys(tally)).length + tally.pairsAtLag.length;
  const before = sizeOf();
  for (let at = 0; at < 1_000_000; at++) tally = addEvent(tally, at % 20 === 0);
  assert.equal(sizeOf(), before);
  assert.equal(tally.n, 1_000_000);
});

test('the design effect of independent events is 1, of bursts of mean length L it is 2L − 1', () => {
  assert.equal(designEffect(tallyOf('0'.repeat(50))), null);
  assert.equal(designEffect(tallyOf('1'.repeat(50))), 1);
  const lone = `1${'0'.repeat(99)}`.repeat(20);
  assert.equal(designEffect(tallyOf(lone)), 1);
  const threes = `111${'0'.repeat(997)}`.repeat(20);
  const effect = designEffect(tallyOf(threes)) ?? 0;
  assert.ok(Math.abs(effect - 5) < 0.1, `${effect}`);
});

test('a steady beat is no burst, one that spares every other request is', () => {
  assert.equal(designEffect(tallyOf('0001'.repeat(50))), 1);
  const sparing = designEffect(tallyOf(`10101010${'0'.repeat(152)}`.repeat(20))) ?? 0;
  assert.ok(sparing > 3, `${sparing}`);
});

test('a few long bursts among many short ones raise it, though the mean length hardly moves', () => {
  const short = `1${'0'.repeat(30)}`.repeat(100);
  assert.equal(designEffect(tallyOf(short)), 1);
  const withLong = `${short}${'1'.repeat(30)}${'0'.repeat(300)}`;
  const effect = designEffect(tallyOf(withLong)) ?? 0;
  // 100 runs of 1 and one of 30: a mean of 1.3, a mean square over mean of 7.7.
  assert.ok(effect > 5, `${effect}`);
});
