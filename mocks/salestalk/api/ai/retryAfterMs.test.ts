import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfterMs } from './retryAfterMs.ts';

const now = Date.parse('Tue, 04 Nov 2025 10:00:00 GMT');

test('Retry-After in seconds', () => {
  assert.equal(retryAfterMs('2', now), 2_000);
  assert.equal(retryAfterMs(' 0 ', now), 0);
});

test('Retry-After as an HTTP date, which may be past', () => {
  assert.equal(retryAfterMs('Tue, 04 Nov 2025 10:00:03 GMT', now), 3_000);
  assert.equal(retryAfterMs('Tue, 04 Nov 2025 09:59:00 GMT', now), 0);
});

test('a header that is absent or means nothing asks for no wait of its own', () => {
  for (const header of [
    null,
    '',
    'soon',
    '-1',
    '1.5',
    '2025-11-04',
    'Tue, 99 Nov 2025 10:00:03 GMT',
  ]) {
    assert.equal(retryAfterMs(header, now), null, String(header));
  }
});
