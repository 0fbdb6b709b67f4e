import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import { assertCloseTo } from '../core/testing/closeTo.ts';
import { bestSplit, DEFAULT_CHANGE_POINT_PLAN, findChangePoints } from './changePoints.ts';

const history = (seed: number, level: (at: number) => number, length = 40) => {
  const normal = normalDraw(seededDraw(seed));
  return Array.from({ length }, (_, at) => level(at) * Math.exp(0.02 * normal()));
};
const find = (values: number[]) =>
  findChangePoints(values, DEFAULT_CHANGE_POINT_PLAN, seededDraw(1));

test('the best split agrees with the energy distance as it is defined', () => {
  const values = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), {
    minLength: 6,
    maxLength: 20,
  });
  const mean = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  fc.assert(
    fc.property(values, (some) => {
      const distance = (left: number[], right: number[]) =>
        mean(
          left.flatMap((a, i) =>
            right.filter((_, j) => left !== right || j !== i).map((b) => Math.abs(a - b)),
          ),
        );
      const statistics: number[] = [];
      for (let at = 2; at <= some.length - 2; at++) {
        for (let end = at + 2; end <= some.length; end++) {
          const [left, right] = [some.slice(0, at), some.slice(at, end)];
          const energy = 2 * distance(left, right) - distance(left, left) - distance(right, right);
          statistics.push(((left.length * right.length) / end) * energy);
        }
      }
      const { statistic } = bestSplit(new Float64Array(some), 2);
      assert.ok(Math.abs(statistic - Math.max(...statistics)) < 1e-6);
    }),
  );
});

test('a step of 10 % is found at its place', () => {
  const [change, ...others] = find(history(2, (at) => (at < 25 ? 350 : 385)));
  assert.equal(others.length, 0);
  assert.ok(Math.abs((change?.at ?? 0) - 25) <= 1);
  assertCloseTo(change?.ratio ?? 0, 1.1, 0.03);
});

test('two steps are two changes', () => {
  const found = find(history(4, (at) => (at < 15 ? 350 : at < 28 ? 420 : 350)));
  assert.deepEqual(
    found.map(({ at }) => at),
    [15, 28],
  );
});

test('a spike, a steady history and a short one have no change point', () => {
  assert.deepEqual(find(history(5, (at) => (at === 22 ? 900 : 350))), []);
  assert.deepEqual(find(history(5, (at) => (at === 37 ? 900 : 350))), []);
  assert.deepEqual(find(history(6, () => 350)), []);
  assert.deepEqual(find(history(7, (at) => (at < 4 ? 350 : 700), 9)), []);
});

test('a step that is too small to matter is not a change point', () => {
  assert.deepEqual(find(Array.from({ length: 40 }, (_, at) => (at < 20 ? 350 : 360))), []);
});

test('the same seed gives the same result, and an impossible value is refused', () => {
  const values = history(8, (at) => (at < 20 ? 350 : 375));
  assert.deepEqual(find(values), find(values));
  assert.throws(() => find([350, 0, 351]), RangeError);
  assert.throws(() => find([350, Number.NaN]), RangeError);
});

test('without a change the rate of false alarms is as stated', () => {
  const plan = { ...DEFAULT_CHANGE_POINT_PLAN, alpha: 0.05, permutations: 99, leastRatio: 1.0001 };
  const draw = seededDraw(12);
  let alarms = 0;
  for (let seed = 0; seed < 200; seed++) {
    const values = history(100 + seed, () => 350, 20);
    if (findChangePoints(values, plan, draw).length > 0) alarms += 1;
  }
  // Expected 10, standard deviation 3.1.
  assert.ok(alarms > 1 && alarms < 20, `${alarms}`);
});
