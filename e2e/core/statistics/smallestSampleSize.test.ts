import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { smallestSampleSize } from './smallestSampleSize.ts';

test('the sizes that the design states', () => {
  assert.equal(smallestSampleSize(0.05, 0.05), 59);
  assert.equal(smallestSampleSize(0.5, 0.05), 5);
  assert.equal(smallestSampleSize(0.001, 0.05), 2995);
});

test('one event fewer would not do', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-5, max: 0.99, noNaN: true }),
      fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
      (share, alpha) => {
        const size = smallestSampleSize(share, alpha);
        assert.ok((1 - share) ** size <= alpha * (1 + 1e-9));
        assert.ok(size === 1 || (1 - share) ** (size - 1) > alpha * (1 - 1e-9));
      },
    ),
  );
});

test('never cannot be established, and always need not be', () => {
  assert.throws(() => smallestSampleSize(0, 0.05), RangeError);
  assert.throws(() => smallestSampleSize(1, 0.05), RangeError);
  assert.throws(() => smallestSampleSize(0.05, 0), RangeError);
});
