import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatEstimate, formatValue } from './format.ts';

test('values are shown with their unit, shares with two digits of the distance to 0 or 100 %', () => {
  assert.equal(formatValue(498.74, 'ms'), '498.7 ms');
  assert.equal(formatValue(2, 'calls'), '2 calls');
  assert.equal(formatValue(1, 'share'), '100 %');
  assert.equal(formatValue(0, 'share'), '0 %');
  assert.equal(formatValue(0.999_12, 'share'), '99.912 %');
  assert.equal(formatValue(0.999, 'share'), '99.90 %');
  assert.equal(formatValue(0.25, 'share'), '25.0 %');
});

test('factors and percentages are rounded to what a few dozen values support', () => {
  assert.equal(formatValue(2.0967, '×'), '2.1 ×');
  assert.equal(formatValue(1.4049, '×'), '1.4 ×');
  assert.equal(formatValue(1.41, '×'), '1.41 ×');
  assert.equal(formatValue(23.37, '%'), '23.4 %');
  assert.equal(formatValue(0.004, '%'), '0 %');
  assert.equal(formatValue(17, 'calls/s'), '17 calls/s');
});

test('an estimate is shown with its statistic and interval; an open end is "open"', () => {
  const p95 = { quantile: 0.95, unit: 'ms' };
  assert.equal(
    formatEstimate(p95, { estimate: 498.7, interval: [471.2, 512.3] }),
    'P95 498.7 ms [471.2, 512.3]',
  );
  const share = { quantile: null, unit: 'share' };
  assert.equal(
    formatEstimate(share, { estimate: 1, interval: [0.999_12, 1] }),
    '100 % [99.912, 100]',
  );
  const count = { quantile: null, unit: 'calls' };
  assert.equal(
    formatEstimate(count, { estimate: 2, interval: [2, null] }),
    'max 2 calls [2, open]',
  );
  const limited = { quantile: null, unit: 'ms' };
  assert.equal(
    formatEstimate(limited, { estimate: 8012.34, interval: [8012.34, null] }),
    'max 8012.3 ms [8012.3, open]',
  );
  const growth = { quantile: 0.5, unit: '×' };
  assert.equal(
    formatEstimate(growth, { estimate: 2.1, interval: [1.9, 2.2] }),
    'P50 2.1 × [1.9, 2.2]',
  );
  const jitter = { quantile: 0.5, unit: '%' };
  assert.equal(formatEstimate(jitter, { estimate: 23, interval: [18, 27] }), 'P50 23 % [18, 27]');
  assert.equal(formatEstimate(p95, { estimate: null, interval: [null, null] }), 'no data');
  const slowing = { quantile: null, unit: 'ms/1,000 requests' };
  assert.equal(
    formatEstimate(slowing, { estimate: 0.123, interval: [0.1, null] }),
    'grows 0.12 ms/1,000 requests [0.1, open]',
  );
});

test('a rate is the highest that is kept, or less than the lowest if all were too high', () => {
  const rate = { quantile: null, unit: 'requests/s' };
  assert.equal(
    formatEstimate(rate, { estimate: 45, interval: [45, 83.26] }),
    'keeps 45 requests/s [45, 83.3]',
  );
  assert.equal(
    formatEstimate(rate, { estimate: null, interval: [null, 20] }),
    'less than 20 requests/s',
  );
  assert.equal(formatEstimate(rate, { estimate: null, interval: [null, null] }), 'no data');
});
