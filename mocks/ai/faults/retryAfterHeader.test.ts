import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfterHeader } from './retryAfterHeader.ts';

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
