import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { jitteredArrivals } from './arrivals.ts';

const SEED = fc.integer();
const RATE = fc.double({ min: 0.01, max: 5000, noNaN: true });

test('a seed makes the same draws each time, from [0, 1); another seed makes others', () => {
  const property = fc.property(SEED, (seed) => {
    const draws = (of: number) => {
      const draw = seededDraw(of);
      return Array.from({ length: 50 }, () => draw());
    };
    const values = draws(seed);
    assert.deepEqual(values, draws(seed));
    assert.notDeepEqual(values, draws(seed + 1));
    assert.ok(values.every((value) => value >= 0 && value < 1));
  });
  fc.assert(property, { seed: 1 });
});

test('draws are spread evenly', () => {
  const draw = seededDraw(7);
  const tenths = new Array<number>(10).fill(0);
  for (let at = 0; at < 10_000; at++) {
    const tenth = Math.floor(draw() * 10);
    tenths[tenth] = (tenths[tenth] as number) + 1;
  }
  // Chi-square with 9 degrees of freedom is over 27.9 once in a thousand.
  const chiSquare = tenths.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert.ok(chiSquare < 27.9, `${chiSquare}`);
});

test('the first arrival is at once, and each gap is the mean one, ± 50 %', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 200 }),
    RATE,
    SEED,
    (count, rate, seed) => {
      const arrivals = jitteredArrivals(count, rate, seededDraw(seed));
      assert.equal(arrivals.length, count);
      assert.equal(arrivals[0], 0);
      const meanGapMs = 1000 / rate;
      arrivals.slice(1).forEach((atMs, before) => {
        const gap = (atMs - (arrivals[before] as number)) / meanGapMs;
        assert.ok(gap > 0.5 - 1e-9 && gap < 1.5 + 1e-9, `${gap}`);
      });
    },
  );
  fc.assert(property, { seed: 1 });
});

test('the rate is that asked for', () => {
  const property = fc.property(RATE, SEED, (rate, seed) => {
    const count = 2000;
    const last = jitteredArrivals(count, rate, seededDraw(seed)).at(-1) as number;
    const achieved = (count - 1) / (last / 1000);
    // Five standard deviations of the mean of 1999 gaps, each uniform over ± 50 %.
    assert.ok(Math.abs(achieved / rate - 1) < (5 * 0.2887) / Math.sqrt(count - 1), `${achieved}`);
  });
  fc.assert(property, { seed: 1 });
});

test('no requests, no arrivals', () => {
  assert.deepEqual(jitteredArrivals(0, 10, seededDraw(1)), []);
});
