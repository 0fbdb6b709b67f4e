import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptedProvider } from '../../testing/scriptedProvider.ts';
import { systemClock } from '../clock.ts';
import { limitAnswers, MAX_ANSWER_CHARACTERS } from './createAiProvider.ts';

const call = {
  kind: 'narrative',
  prompt: 'p',
  temperature: 0,
  traceparent: null,
  signal: new AbortController().signal,
} as const;

test('an answer may be as long as the limit, whole or streamed, and no longer', async () => {
  const half = 'x'.repeat(MAX_ANSWER_CHARACTERS / 2);
  const just = limitAnswers(scriptedProvider(systemClock, () => ({ chunks: [half, half] })));
  assert.equal((await just.complete(call)).length, MAX_ANSWER_CHARACTERS);
  assert.deepEqual(await Array.fromAsync(just.stream(call)), [half, half]);

  const long = limitAnswers(scriptedProvider(systemClock, () => ({ chunks: [half, half, 'x'] })));
  await assert.rejects(long.complete(call), { name: 'AiCallError', reason: 'malformed' });
  await assert.rejects(Array.fromAsync(long.stream(call)), { reason: 'malformed' });
});
