import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fixedSampleTest } from './fixedSampleTest.ts';
import { quantileInterval } from './quantileInterval.ts';
import { sortSample } from './sortedSample.ts';

const exactInterval = (n: number, q: number, failAlpha: number, passAlpha: number) => {
  const plan = { allowedShare: 1 - q, passAlpha, failAlpha };
  const sample = sortSample(Array.from({ length: n }, (_, at) => at + 1));
  return quantileInterval(sample, (bad) => fixedSampleTest(bad, n, plan));
};

test('by the exact test, ranks agree with a search over scipy 1.17.1 binom.cdf and binom.sf', () => {
  assert.deepEqual(exactInterval(72, 0.95, 0.025, 0.025), [64, 72]);
  assert.deepEqual(exactInterval(72, 0.5, 0.025, 0.025), [28, 45]);
  assert.deepEqual(exactInterval(100, 0.95, 0.00125, 0.05), [87, 99]);
  assert.deepEqual(exactInterval(1000, 0.99, 0.005, 0.005), [981, 998]);
});

test('an end that the sample does not bound is open', () => {
  assert.deepEqual(exactInterval(58, 0.95, 0.05, 0.05), [52, null]);
  assert.deepEqual(exactInterval(59, 0.95, 0.05, 0.05), [53, 59]);
  assert.deepEqual(exactInterval(1, 0.5, 0.05, 0.05), [null, null]);
});

test('its ends are where the test turns, ties included', () => {
  const sample = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 150 });
  const objective = fc.integer({ min: 0, max: 31 });
  fc.assert(
    fc.property(
      sample,
      fc.constantFrom(0.5, 0.9, 0.95),
      objective,
      fc.boolean(),
      (values, q, limit, isAnchored) => {
        const n = values.length;
        const plan = { allowedShare: 1 - q, passAlpha: 0.05, failAlpha: 0.002 };
        const test = (bad: number) => fixedSampleTest(bad, n, plan);
        const bad = values.filter((value) => value >= limit).length;
        const [lower, upper] = quantileInterval(
          sortSample(values),
          test,
          isAnchored ? { bad, near: n * (1 - q) } : {},
        );
        assert.equal(test(bad) === 'pass', upper !== null && limit > upper);
        assert.equal(test(bad) === 'fail', lower !== null && limit <= lower);
      },
    ),
    { numRuns: 500 },
  );
});
