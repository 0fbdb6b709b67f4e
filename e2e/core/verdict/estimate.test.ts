import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Objective } from '../budget/objective.ts';
import { tallyEvents } from '../statistics/eventTally.ts';
import { underFault } from '../testing/objectives.ts';
import { repeat, seriesOf } from '../testing/seriesOf.ts';
import { type Estimate, estimate } from './estimate.ts';
import { judge } from './judge.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 8 };
const ALPHAS = { passAlpha: 0.05, failAlpha: 0.01 };
/** Enough of them that both ends are bound. */
const VALUES = fc.array(fc.integer({ min: 0, max: 40 }), {
  minLength: 1,
  maxLength: 120,
  size: 'max',
});
const LIMIT = fc.integer({ min: 1, max: 40 });

function estimated(objective: Objective, values: number[]): Estimate {
  const { events } = seriesOf(objective, values);
  const { allowedShare } = objective;
  const tally = tallyEvents(allowedShare, events);
  return estimate(objective, events, tally, { ...ALPHAS, allowedShare });
}

const negated = (value: number | null) => (value === null ? null : 0 - value);

test('what wants more is what wants less of the negated values, mirrored', () => {
  let bound = 0;
  fc.assert(
    fc.property(VALUES, LIMIT, (values, limit) => {
      const more = estimated(underFault('gapGrowth', limit), values);
      const less = estimated(
        underFault('fairness', -limit, { quantile: 0.5, allowedShare: 0.5 }),
        values.map((value) => 0 - value),
      );
      assert.equal(more.estimate, negated(less.estimate));
      assert.deepEqual(more.interval, [negated(less.interval[1]), negated(less.interval[0])]);
      assert.deepEqual([more.min, more.max], [negated(less.max), negated(less.min)]);
      if (!more.interval.includes(null)) bound += 1;
    }),
    { seed: 1, numRuns: 300 },
  );
  assert.ok(bound > 20, `both ends were bound in ${bound}`);
});

/** Latencies in ms at 100 ms distance, some of them slow in a row. */
const BURSTY = fc
  .array(
    fc.record({
      quick: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60, size: 'max' }),
      slow: fc.array(fc.integer({ min: 15, max: 40 }), { maxLength: 12, size: 'max' }),
    }),
    { minLength: 1, maxLength: 8, size: 'max' },
  )
  .map((parts) => [7, ...parts.flatMap(({ quick, slow }) => [...quick, ...slow])]);

test('an interval never excludes the objective where the verdict is inconclusive, nor the reverse', () => {
  const seen = { pass: 0, fail: 0, inconclusive: 0 };
  fc.assert(
    fc.property(BURSTY, LIMIT, fc.constantFrom(0.5, 0.75, 0.95), (values, limit, quantile) => {
      const objective = underFault('latency', limit, { quantile, allowedShare: 1 - quantile });
      const series = seriesOf(objective, values);
      const { verdict, interval } = judge(objective, series, RATES);
      seen[verdict] += 1;
      const [lower, upper] = interval;
      assert.equal(verdict === 'pass', upper !== null && upper < limit);
      assert.equal(verdict === 'fail', lower !== null && lower >= limit);
    }),
    { seed: 3, numRuns: 600 },
  );
  assert.ok(Math.min(...Object.values(seen)) > 40, JSON.stringify(seen));
});

test('the interval of what wants more agrees with its verdict as well', () => {
  const seen = { pass: 0, fail: 0, inconclusive: 0 };
  fc.assert(
    fc.property(VALUES, LIMIT, (values, limit) => {
      const objective = underFault('gapGrowth', limit);
      const { verdict, interval } = judge(objective, seriesOf(objective, values), RATES);
      seen[verdict] += 1;
      const [lower, upper] = interval;
      assert.equal(verdict === 'pass', lower !== null && lower > limit);
      assert.equal(verdict === 'fail', upper !== null && upper <= limit);
    }),
    { seed: 2, numRuns: 600 },
  );
  assert.ok(Math.min(...Object.values(seen)) > 40, JSON.stringify(seen));
});

test('zero has no sign', () => {
  const { estimate: middle, interval } = estimated(underFault('jitter', 5), repeat([60, 0]));
  assert.ok(Object.is(middle, 0));
  assert.ok(interval.every((end) => Object.is(end, 0)));
});

test('never: the share of good events, with the exact bound of a number that was declared', () => {
  const isolation = underFault('isolation');
  const clean = estimated(isolation, repeat([2301, 0]));
  assert.deepEqual([clean.estimate, clean.interval[1]], [1, 1]);
  assert.ok(Math.abs((clean.interval[0] ?? 0) - 0.998_699) < 1e-6, `${clean.interval[0]}`);
  // scipy 1.17.1: 1 - beta.ppf(0.95, 2, 19)
  const one = estimated(isolation, repeat([19, 0], [1, 1]));
  assert.deepEqual([one.estimate, one.interval[1]], [0.95, null]);
  assert.ok(Math.abs((one.interval[0] ?? 0) - 0.783_893) < 1e-6, `${one.interval[0]}`);
  assert.deepEqual(estimated(isolation, [1]).interval, [0, null]);
});

test('most: the greatest value, which nothing bounds from above', () => {
  const {
    estimate: most,
    interval,
    min,
    median,
  } = estimated(underFault('refusal', 100), [9, 80, 3]);
  assert.deepEqual([most, interval, min, median], [80, [80, null], 3, 9]);
});

test('nothing is estimated from nothing', () => {
  for (const metric of ['isolation', 'refusal', 'gapGrowth', 'fairness'] as const) {
    const { estimate: none, interval } = estimated(underFault(metric, 5), []);
    assert.deepEqual([none, interval], [null, [null, null]]);
  }
});
