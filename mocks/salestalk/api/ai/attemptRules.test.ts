import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AiCallError } from './aiCallError.ts';
import { attemptRules, backoffMs, PLANNED_POLICY, retryAfterMs } from './attemptRules.ts';

const rules = attemptRules(PLANNED_POLICY);
const at = { attempt: 1, leftMs: 25_000, nowEpochMs: Date.UTC(2025, 0, 1), jitter: () => 0.5 };
const throttled = (retryAfter: string) => new AiCallError('throttled', 'no', { retryAfter });

test('an attempt may take its time-out, but no more than is left of the total', () => {
  assert.deepEqual([25_000, 8_001, 300, -5].map(rules.limitMs), [8_000, 8_000, 300, 0]);
  assert.equal(attemptRules({ ...PLANNED_POLICY, attemptTimeoutMs: null }).limitMs(300), null);
});

test('retries come no earlier than Retry-After asks, and not all at once', () => {
  const delaysMs = [0, 0.25, 0.75].map((share) =>
    rules.delayMs(throttled('2'), { ...at, jitter: () => share }),
  );
  assert.deepEqual(delaysMs, [2_000, 2_025, 2_075]);
  assert.equal(rules.delayMs(throttled('Wed, 01 Jan 2025 00:00:03 GMT'), at), 3_050);
});

test('a Retry-After of 0 does not undo the backoff', () => {
  const delaysMs = [1, 2, 3].map((attempt) => rules.delayMs(throttled('0'), { ...at, attempt }));
  assert.deepEqual(delaysMs, [75, 150, 300]);
});

test('without jitter the waits are 100, 200, 400, 800 ms', () => {
  const almostOne = 1 - Number.EPSILON;
  const steps = [1, 2, 3, 4].map((failures) => Math.round(backoffMs(failures, almostOne)));
  assert.deepEqual(steps, [100, 200, 400, 800]);
});

test('jitter keeps every wait between half and the whole of its step', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, share) => {
        const stepMs = 100 * 2 ** (failures - 1);
        const waitMs = backoffMs(failures, share);
        assert.ok(waitMs >= stepMs / 2 && waitMs <= stepMs, `${waitMs}`);
      },
    ),
  );
});

const now = Date.parse('Tue, 04 Nov 2025 10:00:00 GMT');

test('Retry-After in seconds', () => {
  assert.equal(retryAfterMs('2', now), 2_000);
  assert.equal(retryAfterMs(' 0 ', now), 0);
});

test('Retry-After as an HTTP date, also a past one', () => {
  assert.equal(retryAfterMs('Tue, 04 Nov 2025 10:00:03 GMT', now), 3_000);
  assert.equal(retryAfterMs('Tue, 04 Nov 2025 09:59:00 GMT', now), 0);
});

test('an absent or invalid Retry-After asks for no wait', () => {
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
