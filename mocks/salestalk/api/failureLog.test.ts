import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AiCallError } from './ai/aiCallError.ts';
import { failureLog } from './failureLog.ts';

test('one line a second, and the next says how many were left out', () => {
  const lines: string[] = [];
  let nowMs = 0;
  const report = failureLog(
    (line) => lines.push(line),
    () => nowMs,
  );
  const failure = new AiCallError('throttled', 'the provider answered 429');
  for (nowMs of [0, 400, 999, 1_000]) report(failure);
  assert.deepEqual(lines, [
    'salestalk: model call failed, throttled: the provider answered 429',
    'salestalk: model call failed, throttled: the provider answered 429 (and 2 failures before that were not shown)',
  ]);
});
