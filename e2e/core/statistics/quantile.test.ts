import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quantile } from './quantile.ts';
import { sortSample } from './sortedSample.ts';

const VALUES = [3.1, 1.2, 5.5, 4.4, 2.2, 9.9, 7.7, 8.8, 6.6, 10.1];

test('agrees with numpy.quantile(method="inverted_cdf") 2.x, which is type 1', () => {
  const expected = {
    0.05: 1.2,
    0.1: 1.2,
    0.25: 3.1,
    0.3: 3.1,
    0.5: 5.5,
    0.75: 8.8,
    0.9: 9.9,
    0.95: 10.1,
  };
  for (const [q, value] of Object.entries(expected)) {
    assert.equal(quantile(sortSample(VALUES), Number(q)), value);
  }
});

test('a product that comes out above its integer does not cost a rank', () => {
  const hundred = sortSample(Array.from({ length: 100 }, (_, at) => at + 1));
  assert.ok(0.07 * 100 > 7);
  assert.equal(quantile(hundred, 0.07), 7);
});

test('is under an objective exactly when the share at or above it is allowed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 80 }),
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 0, max: 10 }),
      (values, percentile, objective) => {
        const bad = values.filter((value) => value >= objective).length;
        const isUnder = quantile(sortSample(values), percentile / 100) < objective;
        assert.equal(isUnder, bad * 100 <= (100 - percentile) * values.length);
      },
    ),
  );
});

test('samples are sorted as numbers, finite and not empty', () => {
  assert.deepEqual([...sortSample([10, 9, -1])], [-1, 9, 10]);
  assert.throws(() => sortSample([]), RangeError);
  assert.throws(() => sortSample([1, Number.NaN]), RangeError);
  assert.throws(() => sortSample([1, Number.POSITIVE_INFINITY]), RangeError);
  assert.throws(() => quantile(sortSample([1]), 1), RangeError);
});
