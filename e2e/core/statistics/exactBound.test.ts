import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertCloseTo } from '../testing/closeTo.ts';
import { binomialAtMost } from './binomialTail.ts';
import { exactUpperBound } from './exactBound.ts';

test('agrees with scipy 1.17.1 beta.ppf(1 − alpha, k + 1, n − k)', () => {
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

test('is where the test of its share turns', () => {
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

test('all bad and none bad have a closed form', () => {
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
