import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRetryAfterMs } from './readRetryAfterMs.ts';
import { retryAfterHeader } from './retryAfterHeader.ts';

const AT_MS = Date.UTC(2026, 0, 31, 23, 59, 58, 1);

test('seconds count from the end of the call, whenever that was', () => {
  assert.equal(readRetryAfterMs('30', AT_MS), 30_000);
  assert.equal(readRetryAfterMs('0', AT_MS), 0);
});

test('a date is a moment: whoever ends later waits less, and never less than nothing', () => {
  const header = retryAfterHeader({ date: { inSeconds: 5 } }, AT_MS);
  assert.equal(readRetryAfterMs(header, AT_MS), 5_999);
  assert.equal(readRetryAfterMs(header, AT_MS + 5_000), 999);
  assert.equal(readRetryAfterMs(header, AT_MS + 6_000), 0);
});
