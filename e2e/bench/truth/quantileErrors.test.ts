import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorMs, quantileErrors, shareOfAllowance } from './quantileErrors.ts';

test('each quantile beside that of the log; what is not told has none', () => {
  const log = Array.from({ length: 100 }, (_, at) => 100 - at);
  assert.deepEqual(quantileErrors({ p50: 51, p95: null, p99: 98 }, log), {
    p50: { reportedMs: 51, truthMs: 50 },
    p95: null,
    p99: { reportedMs: 98, truthMs: 99 },
  });
  assert.equal(errorMs({ reportedMs: 98, truthMs: 99 }), -1);
});

test('a millisecond or a hundredth, whichever is more', () => {
  assert.equal(shareOfAllowance({ reportedMs: 50.5, truthMs: 50 }), 0.5);
  assert.equal(shareOfAllowance({ reportedMs: 49, truthMs: 50 }), 1);
  assert.equal(shareOfAllowance({ reportedMs: 408, truthMs: 400 }), 2);
});
