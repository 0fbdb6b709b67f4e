import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quantileRank, sortSample, valueOfRank } from '../core/statistics/quantile.ts';
import { LatencyHistogram } from './latencyHistogram.ts';

test('every quantile is within 0.1 % of the value of its rank or the rank before, or within a microsecond', () => {
  const values = fc.array(fc.double({ min: 0, max: 3_600_000, noNaN: true }), {
    minLength: 1,
    maxLength: 200,
  });
  const property = fc.property(values, (ms) => {
    const histogram = new LatencyHistogram();
    for (const value of ms) histogram.record(value);
    assert.equal(histogram.count, ms.length);
    const sorted = sortSample(ms);
    for (const q of [0.5, 0.95, 0.99]) {
      const rank = quantileRank(ms.length, q);
      const quantile = histogram.quantileMs(q) as number;
      const isNear = (exact: number) =>
        Math.abs(quantile - exact) <= Math.max(exact * 0.001, 0.001) + 1e-9;
      const near = [rank, Math.max(1, rank - 1)].map((at) => valueOfRank(sorted, at));
      assert.ok(near.some(isNear), `${quantile}, expected ${near}`);
    }
  });
  fc.assert(property, { seed: 1 });
});

test('an empty histogram has no quantiles and no maximum', () => {
  const histogram = new LatencyHistogram();
  assert.deepEqual([histogram.count, histogram.quantileMs(0.5), histogram.maxMs], [0, null, null]);
});
