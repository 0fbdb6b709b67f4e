import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fixedSampleTest } from './binomial.ts';
import { quantile, quantileInterval, Ranking, searchRanks, sortSample } from './quantile.ts';
import { seededDraw } from './seededDraw.ts';

const VALUES = [3.1, 1.2, 5.5, 4.4, 2.2, 9.9, 7.7, 8.8, 6.6, 10.1];

test('a quantile agrees with numpy.quantile(method="inverted_cdf") 2.x, which is type 1', () => {
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

test('a rounding error in the product does not raise the rank', () => {
  const hundred = sortSample(Array.from({ length: 100 }, (_, at) => at + 1));
  assert.ok(0.07 * 100 > 7);
  assert.equal(quantile(hundred, 0.07), 7);
});

test('a quantile is below an objective exactly if the share at or above it is allowed', () => {
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

const searched = (values: readonly number[], ranks: readonly number[]) =>
  searchRanks(
    (visit) => values.forEach((value) => void visit(value)),
    () => ranks,
  );

test('searched in two passes, values of all sizes and signs have the ranks that sorting gives them', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: 0, max: 500_000 }).map((micros) => micros / 1000),
  );
  const property = fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
    const sorted = sortSample(values);
    const ranks = values.map((_, at) => at + 1);
    // +0: a search does not tell it from −0.
    assert.deepEqual(
      searched(values, ranks).map((one) => one + 0),
      [...sorted].map((one) => one + 0),
    );
    const ranking = new Ranking(new Float64Array(values));
    for (const rank of [...ranks.toReversed(), 0, values.length + 1]) {
      assert.equal((ranking.at(rank - 1) ?? Infinity) + 0, (sorted[rank - 1] ?? Infinity) + 0);
    }
  });
  fc.assert(property, { seed: 1, numRuns: 500 });
});

test('a search finds nothing without values, and refuses a value that is not finite and a rank outside the sample', () => {
  assert.deepEqual(searched([], [1]), []);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    assert.throws(() => searched([1, value], [1]), RangeError);
  }
  for (const rank of [0, 3]) assert.throws(() => searched([1, 2], [rank]), RangeError);
  for (const values of [[], [Number.NaN]]) {
    assert.throws(() => new Ranking(new Float64Array(values)), RangeError);
  }
});

const exactInterval = (n: number, q: number, failAlpha: number, passAlpha: number) => {
  const plan = { allowedShare: 1 - q, passAlpha, failAlpha };
  const sample = sortSample(Array.from({ length: n }, (_, at) => at + 1));
  return quantileInterval(sample, (bad) => fixedSampleTest(bad, n, plan));
};

test('the interval by the exact test agrees with a search over scipy 1.17.1 binom.cdf and binom.sf', () => {
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

test('the ends of the interval are where the test turns, ties included', () => {
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

test('a ranking gives each value of its place, whichever places were read before', () => {
  const draw = seededDraw(7);
  const values = Float64Array.from({ length: 500 }, (_, at) => (at % 3 === 0 ? 5 : 200 * draw()));
  const ranking = new Ranking(values);
  const sorted = values.toSorted();
  for (let place = 0; place < values.length; place++) {
    assert.equal(ranking.at(place), sorted[place]);
  }
  assert.equal(ranking.at(values.length), undefined);
});
