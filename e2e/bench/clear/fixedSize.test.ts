import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedSampleTest } from '../../core/statistics/binomial.ts';
import { expectedSampling } from '../../core/statistics/sampleSize.ts';
import { fixedSize } from './fixedSize.ts';
import { sizeOfMost } from './sizeOfMost.ts';

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

test('the fewest that are clear often enough, and not one fewer', () => {
  assert.equal(fixedSize(PLAN, 0, 0.95), 59);
  for (const badShare of [0.01, 0.1, 0.2]) {
    const n = fixedSize(PLAN, badShare, 0.95);
    assert.ok(chanceOfClear(n, badShare) >= 0.95, `${badShare}: ${n}`);
    for (let fewer = Math.max(1, n - 20); fewer < n; fewer++)
      assert.ok(chanceOfClear(fewer, badShare) < 0.95, `${badShare}: ${fewer} are enough`);
  }
  assert.throws(() => fixedSize(PLAN, 0.05, 0.95), RangeError);
});

test('the number by which sampling has mostly ended', () => {
  const most = { clearIn: 0.95, mostEvents: 2000 };
  const n = sizeOfMost(PLAN, 0.1, most);
  assert.ok(expectedSampling(PLAN, 0.1, n).open <= 0.05);
  assert.ok(expectedSampling(PLAN, 0.1, n - 1).open > 0.05);
  assert.equal(sizeOfMost(PLAN, 0, most), 65);
});
