import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fixedSampleTest } from './fixedSampleTest.ts';
import { quantileInterval } from './quantileInterval.ts';
import { verdictOfCounts } from './shareTest.ts';
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

test('its ends are where the sequential test of an objective turns, ties included', () => {
  const sample = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 150 });
  const quantile = fc.constantFrom(0.5, 0.9, 0.95);
  const objective = fc.integer({ min: 0, max: 31 });
  fc.assert(
    fc.property(
      sample,
      quantile,
      objective,
      fc.constantFrom(1, 1.7),
      (values, q, limit, effect) => {
        const n = values.length;
        const test = verdictOfCounts(
          { allowedShare: 1 - q, passAlpha: 0.05, failAlpha: 0.002 },
          effect,
        );
        const verdict = test(values.filter((value) => value >= limit).length, n);
        const [lower, upper] = quantileInterval(sortSample(values), (bad) => test(bad, n));
        assert.equal(verdict === 'pass', upper !== null && limit > upper);
        assert.equal(verdict === 'fail', lower !== null && limit <= lower);
      },
    ),
    { numRuns: 500 },
  );
});
