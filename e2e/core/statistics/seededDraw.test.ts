import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededDraw } from './seededDraw.ts';

function drawMany(seed: number, count: number): number[] {
  const draw = seededDraw(seed);
  return Array.from({ length: count }, () => draw());
}

test('a seed gives the same draws in [0, 1) each time; another seed gives others', () => {
  const property = fc.property(fc.integer(), (seed) => {
    const values = drawMany(seed, 50);
    assert.deepEqual(values, drawMany(seed, 50));
    assert.notDeepEqual(values, drawMany(seed + 1, 50));
    assert.ok(values.every((value) => value >= 0 && value < 1));
  });
  fc.assert(property, { seed: 1 });
});

test('draws are uniform', () => {
  const tenths = new Array<number>(10).fill(0);
  for (const value of drawMany(7, 10_000)) {
    const tenth = Math.floor(value * 10);
    tenths[tenth] = (tenths[tenth] as number) + 1;
  }
  // Chi-square with 9 degrees of freedom is over 27.9 once in a thousand.
  const chiSquare = tenths.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert.ok(chiSquare < 27.9, `${chiSquare}`);
});
