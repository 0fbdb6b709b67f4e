import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatEstimate } from './formatEstimate.ts';
import { formatValue } from './formatValue.ts';

test('values bear their unit; shares keep two digits of what is missing to 0 or 100 %', () => {
  assert.equal(formatValue(498.74, 'ms'), '498.7 ms');
  assert.equal(formatValue(2, 'calls'), '2 calls');
  assert.equal(formatValue(1, 'share'), '100 %');
  assert.equal(formatValue(0, 'share'), '0 %');
  assert.equal(formatValue(0.999_12, 'share'), '99.912 %');
  assert.equal(formatValue(0.999, 'share'), '99.90 %');
  assert.equal(formatValue(0.25, 'share'), '25.0 %');
});

test('an estimate is shown with its statistic and interval, an open end as open', () => {
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
  assert.equal(formatEstimate(p95, { estimate: null, interval: [null, null] }), 'no data');
});
