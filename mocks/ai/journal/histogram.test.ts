import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Histogram } from './histogram.ts';

test('a quantile is the sorted one, or at most 5 % above it', () => {
  const durations = fc.array(fc.double({ min: 0.01, max: 100_000, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.95, 0.99, 1), (values, quantile) => {
      const histogram = new Histogram();
      for (const value of values) histogram.record(value);
      const sorted = values.toSorted((a, b) => a - b);
      const exact = sorted[Math.ceil(quantile * sorted.length) - 1] ?? Number.NaN;
      const read = histogram.quantileMs(quantile) ?? Number.NaN;
      assert.ok(
        read >= exact * (1 - 1e-9) && read <= exact * 1.05 * (1 + 1e-9),
        `${read} for ${exact}`,
      );
      assert.equal(histogram.maxMs, sorted.at(-1));
      assert.equal(histogram.count, values.length);
    }),
  );
});

test('what is early counts as no later than the finest bucket, what is huge as the coarsest', () => {
  const histogram = new Histogram();
  histogram.record(-0.4);
  histogram.record(1e9);
  assert.equal(histogram.quantileMs(0.5), 0.01);
  assert.equal(histogram.maxMs, 1e9);
});

test('nothing recorded is unknown, not zero', () => {
  const histogram = new Histogram();
  assert.equal(histogram.quantileMs(0.5), null);
  assert.equal(histogram.maxMs, null);
});
