import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedSampleTest } from '../core/statistics/binomial.ts';
import { expectedSampling } from '../core/statistics/sampleSize.ts';
import { clearSize, fixedSize, inOrder } from './clear.ts';

const PLAN = { allowedShare: 0.05, passAlpha: 0.05, failAlpha: 0.01 };

/** The chance that the test is clear, counted out over all numbers of bad events. */
function chanceOfClear(n: number, badShare: number): number {
  let chance = 0;
  let term = (1 - badShare) ** n;
  for (let bad = 0; bad <= n; bad++) {
    if (fixedSampleTest(bad, n, PLAN) !== 'inconclusive') chance += term;
    term *= ((n - bad) / (bad + 1)) * (badShare / (1 - badShare));
  }
  return chance;
}

test('the fixed size is clear often enough, and one event fewer is not', () => {
  assert.equal(fixedSize(PLAN, 0, 0.95), 59);
  for (const badShare of [0.01, 0.1, 0.2]) {
    const n = fixedSize(PLAN, badShare, 0.95);
    assert.ok(chanceOfClear(n, badShare) >= 0.95, `${badShare}: ${n}`);
    for (let fewer = Math.max(1, n - 20); fewer < n; fewer++)
      assert.ok(chanceOfClear(fewer, badShare) < 0.95, `${badShare}: ${fewer} are enough`);
  }
  assert.throws(() => fixedSize(PLAN, 0.05, 0.95), RangeError);
});

test('the clear size is the number by which sampling has ended in that share of the runs', () => {
  const most = { clearShare: 0.95, maxEvents: 2000 };
  const n = clearSize(PLAN, 0.1, most);
  assert.ok(expectedSampling(PLAN, 0.1, n).open <= 0.05);
  assert.ok(expectedSampling(PLAN, 0.1, n - 1).open > 0.05);
  assert.equal(clearSize(PLAN, 0, most), 65);
});

test('an item is passed on once all before it have come', () => {
  const taken: number[] = [];
  const give = inOrder<{ index: number }>(({ index }) => taken.push(index));
  const seen = [2, 0, 1, 4, 5, 3].map((index) => {
    give({ index });
    return taken.length;
  });
  assert.deepEqual(seen, [0, 1, 3, 3, 3, 6]);
  assert.deepEqual(taken, [0, 1, 2, 3, 4, 5]);
});
