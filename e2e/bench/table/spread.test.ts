import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNumber, formatSpread, pairedRatios, spreadOf, widthOf } from './spread.ts';

test('median, least and most; none of nothing', () => {
  const spread = spreadOf([3, 1, 2, 10]);
  assert.deepEqual(spread, { median: 2.5, least: 1, most: 10, runs: 4 });
  assert.equal(spread === null ? null : widthOf(spread), 9);
  assert.equal(spreadOf([]), null);
  assert.throws(() => spreadOf([1, Number.NaN]), RangeError);
});

test('a single run shows no spread', () => {
  const text = (values: number[]) => formatSpread(spreadOf(values) as never, 1);
  assert.equal(text([1234.56]), '1,234.6');
  assert.equal(text([-2, 0, 1]), '0.0 (−2.0 to 1.0)');
});

test('nothing is negative that is shown as zero', () => {
  assert.equal(formatNumber(-0.004, 2), '0.00');
  assert.equal(formatNumber(-0.006, 2), '−0.01');
});

test('ratios within rounds: one that lacks a side is left out', () => {
  assert.deepEqual(pairedRatios([10, null, 30, 40], [5, 5, null, 10]), [2, 4]);
});
