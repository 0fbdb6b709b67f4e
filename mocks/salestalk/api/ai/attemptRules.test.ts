import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AiCallError } from './aiCallError.ts';
import { plannedPolicy } from './aiPolicy.ts';
import { attemptRules } from './attemptRules.ts';

const rules = attemptRules(plannedPolicy);
const at = { attempt: 1, leftMs: 25_000, nowEpochMs: Date.UTC(2025, 0, 1), jitter: () => 0.5 };
const throttled = (retryAfter: string) => new AiCallError('throttled', 'no', { retryAfter });

test('an attempt may take its time-out, but no more than is left of the total', () => {
  assert.deepEqual([25_000, 8_001, 300, -5].map(rules.limitMs), [8_000, 8_000, 300, 0]);
  assert.equal(attemptRules({ ...plannedPolicy, attemptTimeoutMs: null }).limitMs(300), null);
});

test('who was told to wait comes back no earlier, and not all at once', () => {
  const delaysMs = [0, 0.25, 0.75].map((share) =>
    rules.delayMs(throttled('2'), { ...at, jitter: () => share }),
  );
  assert.deepEqual(delaysMs, [2_000, 2_025, 2_075]);
  assert.equal(rules.delayMs(throttled('Wed, 01 Jan 2025 00:00:03 GMT'), at), 3_050);
});

test('being told to come back at once does not undo the backoff', () => {
  const delaysMs = [1, 2, 3].map((attempt) => rules.delayMs(throttled('0'), { ...at, attempt }));
  assert.deepEqual(delaysMs, [75, 150, 300]);
});
