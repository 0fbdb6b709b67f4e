import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { barScale, placeBar } from './chartView.ts';

test('a scale ends at a round figure beyond the largest', () => {
  assert.deepEqual(barScale([2_500_000], 'USD'), { min: 0, max: 3_000_000 });
  assert.deepEqual(barScale([2_500_000, 2_750_000], 'USD'), { min: 0, max: 3_000_000 });
  assert.deepEqual(barScale([1_000], 'count'), { min: 0, max: 1_500 });
  assert.deepEqual(barScale([-320, 1_000], 'USD'), { min: -400, max: 1_500 });
  assert.deepEqual(barScale([-320], 'USD'), { min: -400, max: 0 });
  assert.deepEqual(barScale([0], 'USD'), { min: 0, max: 1 });
});

test('a single ratio is a share of the whole, unless it is beyond it', () => {
  assert.deepEqual(barScale([0.35], 'ratio'), { min: 0, max: 1 });
  assert.deepEqual(barScale([1.2], 'ratio'), { min: 0, max: 1.5 });
});

test('several ratios share a scale on which small ones differ', () => {
  assert.deepEqual(barScale([0.039, 0.037], 'ratio'), { min: 0, max: 0.04 });
});

test('bars lie on the scale and are in proportion to their figures', () => {
  const figure = fc.double({ min: -1e12, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(fc.array(figure, { minLength: 1, maxLength: 20 }), (values) => {
      const scale = barScale(values, 'USD');
      for (const value of values) {
        const { start, length } = placeBar(value, scale);
        assert.ok(start >= 0 && start + length <= 1 + 1e-9, `${value}: ${start} + ${length}`);
        const span = scale.max - scale.min;
        const zero = value < 0 ? start + length : start;
        assert.ok(Math.abs(zero + scale.min / span) <= 1e-9, `${value}: begins at ${zero}`);
        assert.ok(Math.abs(length * span - Math.abs(value)) <= 1e-9 * span);
      }
    }),
    { seed: 1 },
  );
});
