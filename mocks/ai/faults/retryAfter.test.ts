import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRetryAfterMs, retryAfterHeader } from './retryAfter.ts';

const AT_MS = Date.UTC(2026, 0, 31, 23, 59, 58, 1);

test('seconds are a number, a date is an HTTP date of the time when the answer leaves', () => {
  assert.equal(retryAfterHeader({ seconds: 30 }, AT_MS), '30');
  assert.equal(
    retryAfterHeader({ date: { inSeconds: 5 } }, AT_MS - 1),
    'Sun, 01 Feb 2026 00:00:03 GMT',
  );
});

test('a date is never earlier than asked for', () => {
  assert.equal(
    retryAfterHeader({ date: { inSeconds: 5 } }, AT_MS),
    'Sun, 01 Feb 2026 00:00:04 GMT',
  );
});

test('seconds count from the end of the call, whenever that was', () => {
  assert.equal(readRetryAfterMs('30', AT_MS), 30_000);
  assert.equal(readRetryAfterMs('0', AT_MS), 0);
});

test('a date is a moment: a call that ends later waits less, and never less than 0', () => {
  const header = retryAfterHeader({ date: { inSeconds: 5 } }, AT_MS);
  assert.equal(readRetryAfterMs(header, AT_MS), 5_999);
  assert.equal(readRetryAfterMs(header, AT_MS + 5_000), 999);
  assert.equal(readRetryAfterMs(header, AT_MS + 6_000), 0);
});
