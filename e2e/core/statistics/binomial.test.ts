import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertCloseTo } from '../testing/closeTo.ts';
import {
  binomialAtLeast,
  binomialAtMost,
  binomialProbability,
  exactUpperBound,
} from './binomial.ts';

// scipy 1.17.1: binom.pmf, binom.cdf, binom.sf(k − 1)
const SCIPY = [
  [0, 59, 0.05, 0.048494525249423256, 0.04849452524942322, 1],
  [3, 72, 0.05, 0.21645938126964, 0.5119496650735926, 0.7045097161960482],
  [10, 200, 0.05, 0.12835737340035233, 0.5830671820811717, 0.5452901913191844],
  [1000, 1_000_000, 0.001, 0.012620923387767836, 0.5084093682207762, 0.5042115551669921],
  [50_312, 1_000_000, 0.05, 0.0006563675805632054, 0.9240888739062263, 0.07656749367433786],
  [400, 3400, 0.1, 7.853307006951962e-5, 0.9996390720199708, 0.00043946105009874865],
  [7, 10, 0.5, 0.1171875, 0.9453125, 0.171875],
  [999, 1000, 0.999, 0.36806348825922336, 0.6323045752290363, 0.7357589130301869],
] as const;

test('probability and tails agree with scipy, up to a million trials', () => {
  for (const [count, trials, share, probability, atMost, atLeast] of SCIPY) {
    assertCloseTo(binomialProbability(count, trials, share), probability);
    assertCloseTo(binomialAtMost(count, trials, share), atMost);
    assertCloseTo(binomialAtLeast(count, trials, share), atLeast);
  }
});

test('probabilities of all counts add up to one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (n, p) => {
        let sum = 0;
        for (let count = 0; count <= n; count++) sum += binomialProbability(count, n, p);
        assertCloseTo(sum, 1);
      },
    ),
  );
});

test('a tail is the sum of its probabilities, and both tails add up to one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 0, max: 200 }),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      (n, k, p) => {
        let sum = 0;
        for (let count = 0; count <= Math.min(k, n); count++)
          sum += binomialProbability(count, n, p);
        assertCloseTo(binomialAtMost(k, n, p), sum, 1e-9);
        assertCloseTo(binomialAtMost(k, n, p) + binomialAtLeast(k + 1, n, p), 1, 1e-9);
      },
    ),
  );
});

test('counts outside the possible range have probability 0 or 1', () => {
  assert.equal(binomialAtMost(-1, 10, 0.3), 0);
  assert.equal(binomialAtMost(10, 10, 0.3), 1);
  assert.equal(binomialAtLeast(0, 10, 0.3), 1);
  assert.equal(binomialAtLeast(11, 10, 0.3), 0);
  assert.equal(binomialProbability(11, 10, 0.3), 0);
  assert.equal(binomialProbability(0, 10, 0), 1);
  assert.equal(binomialProbability(10, 10, 1), 1);
});

test('the exact upper bound agrees with scipy 1.17.1 beta.ppf(1 − alpha, k + 1, n − k)', () => {
  for (const [bad, n, alpha, upper] of [
    [0, 59, 0.05, 0.04950760988822693],
    [2, 72, 0.05, 0.08486917446626821],
    [2, 72, 0.00125, 0.14309725707248655],
    [10, 200, 0.01, 0.09818191660329778],
    [50_312, 1_000_000, 0.05, 0.0506730083708738],
    [3399, 3400, 0.05, 0.999984913850742],
    [1, 3400, 0.0004, 0.003008810364317181],
  ] as const) {
    assertCloseTo(exactUpperBound(bad, n, alpha), upper);
  }
});

test('the exact upper bound is the share at which the test turns', () => {
  const counts = fc
    .integer({ min: 1, max: 5000 })
    .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n - 1 })));
  fc.assert(
    fc.property(counts, fc.double({ min: 1e-6, max: 0.4, noNaN: true }), ([n, bad], alpha) => {
      const upper = exactUpperBound(bad, n, alpha);
      assert.ok(bad / n <= upper);
      assertCloseTo(binomialAtMost(bad, n, upper), alpha, 1e-6);
    }),
  );
});

test('the exact upper bound has a closed form if all or no events are bad', () => {
  assert.equal(exactUpperBound(7, 7, 0.05), 1);
  assertCloseTo(exactUpperBound(0, 2301, 0.05), 1 - 0.05 ** (1 / 2301));
});

test('impossible counts and error rates are refused', () => {
  for (const [bad, n, alpha] of [
    [3, 2, 0.05],
    [-1, 2, 0.05],
    [0, 0, 0.05],
    [1.5, 3, 0.05],
    [1, 2, 0],
    [1, 2, 1],
    [1, 2, Number.NaN],
  ] as const) {
    assert.throws(() => exactUpperBound(bad, n, alpha), RangeError);
  }
});
