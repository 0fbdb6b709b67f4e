import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fixedSampleTest } from './fixedSampleTest.ts';
import { quantileInterval } from './quantileInterval.ts';
import { sortSample } from './sortedSample.ts';

const upTo = (n: number) => sortSample(Array.from({ length: n }, (_, at) => at + 1));

test('ranks agree with a search over scipy 1.17.1 binom.cdf and binom.sf', () => {
  const both = { lowerAlpha: 0.025, upperAlpha: 0.025 };
  assert.deepEqual(quantileInterval(upTo(72), 0.95, both), [64, 72]);
  assert.deepEqual(quantileInterval(upTo(72), 0.5, both), [28, 45]);
  const uneven = { lowerAlpha: 0.00125, upperAlpha: 0.05 };
  assert.deepEqual(quantileInterval(upTo(100), 0.95, uneven), [87, 99]);
  const narrow = { lowerAlpha: 0.005, upperAlpha: 0.005 };
  assert.deepEqual(quantileInterval(upTo(1000), 0.99, narrow), [981, 998]);
});

test('an end that the sample does not bound is open', () => {
  const alphas = { lowerAlpha: 0.05, upperAlpha: 0.05 };
  assert.deepEqual(quantileInterval(upTo(58), 0.95, alphas), [52, null]);
  assert.deepEqual(quantileInterval(upTo(59), 0.95, alphas), [53, 59]);
  assert.deepEqual(quantileInterval(upTo(1), 0.5, alphas), [null, null]);
});

test('its ends are where the test of an objective turns, ties included', () => {
  const sample = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 150 });
  fc.assert(
    fc.property(
      sample,
      fc.constantFrom(0.5, 0.9, 0.95),
      fc.integer({ min: 0, max: 31 }),
      (values, q, objective) => {
        const [passAlpha, failAlpha] = [0.05, 0.002];
        const bad = values.filter((value) => value >= objective).length;
        const verdict = fixedSampleTest(bad, values.length, {
          allowedShare: 1 - q,
          passAlpha,
          failAlpha,
        });
        const [lower, upper] = quantileInterval(sortSample(values), q, {
          lowerAlpha: failAlpha,
          upperAlpha: passAlpha,
        });
        assert.equal(verdict === 'pass', upper !== null && objective > upper);
        assert.equal(verdict === 'fail', lower !== null && objective <= lower);
      },
    ),
    { numRuns: 500 },
  );
});
