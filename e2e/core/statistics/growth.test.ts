import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertCloseTo } from '../testing/closeTo.ts';
import { inversionChances, judgeGrowth, theilSen } from './growth.ts';
import { normalDraw, seededDraw } from './seededDraw.ts';

const Y = [5.1, 4.9, 6.2, 5.8, 7.3, 6.9, 8.8, 7.7, 9.1, 9.9];
const BOTH = { lowerAlpha: 0.025, upperAlpha: 0.025 };

test('the slope agrees with scipy 1.17.1 stats.theilslopes', () => {
  assertCloseTo(theilSen(Y, BOTH).perIteration, 0.5333333333333333);
});

test('chances of inversions agree with exact kendalltau of scipy and with a count of all orders', () => {
  const sumTo = (n: number, most: number) =>
    inversionChances(n)
      .subarray(0, most + 1)
      .reduce((sum, chance) => sum + chance, 0);
  assertCloseTo(sumTo(10, 4), 0.00017884700176366844);
  assertCloseTo(sumTo(6, 2), 0.027777777777777776);
  // Of the 24 orders of four, 1, 3, 5, 6, 5, 3, 1 have 0 … 6 inversions.
  inversionChances(4).forEach((chance, at) => {
    assertCloseTo(chance, ([1, 3, 5, 6, 5, 3, 1][at] as number) / 24);
  });
});

test('the exact interval and the normal approximation agree at 200 values', () => {
  const normal = normalDraw(seededDraw(3));
  const values = Array.from({ length: 201 }, (_, at) => at * 0.1 + normal());
  const [exact, approximate] = [theilSen(values.slice(1), BOTH), theilSen(values, BOTH)];
  const width = ({ interval: [lower, upper] }: typeof exact) => (upper ?? 0) - (lower ?? 0);
  assert.ok(Math.abs(width(exact) / width(approximate) - 1) < 0.05);
});

test('the slope of a straight line is exact', () => {
  const line = fc.tuple(
    fc.integer({ min: -50, max: 50 }),
    fc.integer({ min: -50, max: 50 }),
    fc.integer({ min: 2, max: 40 }),
  );
  fc.assert(
    fc.property(line, ([start, slope, n]) => {
      const values = Array.from({ length: n }, (_, at) => start + slope * at);
      assert.equal(theilSen(values, BOTH).perIteration, slope);
    }),
  );
});

test('a quarter of outliers does not move the slope', () => {
  const values = Array.from({ length: 40 }, (_, at) => (at % 4 === 3 ? 1e6 : 2 * at));
  assert.equal(theilSen(values, BOTH).perIteration, 2);
});

test('the interval of three values is open, and one value is refused', () => {
  assert.deepEqual(theilSen([1, 2, 3], BOTH).interval, [null, null]);
  assert.throws(() => theilSen([1], BOTH), RangeError);
  assert.throws(() => theilSen([1, Number.NaN], BOTH), RangeError);
});

test('each end misses the true slope as often as stated', () => {
  const normal = normalDraw(seededDraw(5));
  let [under, over] = [0, 0];
  for (let turn = 0; turn < 2000; turn++) {
    const values = Array.from({ length: 15 }, () => normal());
    const [lower, upper] = theilSen(values, { lowerAlpha: 0.05, upperAlpha: 0.05 }).interval;
    if ((lower ?? 0) > 0) over += 1;
    if ((upper ?? 0) < 0) under += 1;
  }
  // At most 100 expected; Kendall's steps at n = 15 leave 4.6 %, so 92, standard deviation 9.
  for (const missed of [under, over]) assert.ok(missed > 60 && missed < 125, `${missed}`);
});

test('growth passes, fails or stays open by its interval', () => {
  const plan = { mostPerIteration: 512, passAlpha: 0.05, failAlpha: 0.01 };
  const heap = (slope: number, n: number) =>
    Array.from({ length: n }, (_, at) => 5e6 + slope * at + (at % 3) * 900);
  assert.equal(judgeGrowth(heap(0, 30), plan).verdict, 'pass');
  assert.equal(judgeGrowth(heap(1024, 30), plan).verdict, 'fail');
  assert.equal(judgeGrowth(heap(512, 8), plan).verdict, 'inconclusive');
  assert.equal(judgeGrowth(heap(1024, 3), plan).verdict, 'inconclusive');
});
