import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { startFakeBedrock } from '../testing/fakeBedrock.ts';
import { goodModel } from '../testing/goodModel.ts';
import { classificationText } from '../testing/modelTexts.ts';
import { asStream } from '../testing/streamEvents.ts';
import { type TestSalestalk, testSalestalk } from '../testing/testSalestalk.ts';
import { until } from '../testing/until.ts';
import { plannedPolicy, todayPolicy } from './ai/aiPolicy.ts';

const message = 'What is Q3 revenue?';
const limit = { timeout: 10_000 };

/** Asks, leaves once `isTime`, and gives the answer that then never comes. */
async function askAndLeave(
  salestalk: TestSalestalk,
  isTime: () => boolean,
  ask: { path: string; headers?: Record<string, string> },
): Promise<void> {
  const caller = new AbortController();
  const init = { signal: caller.signal, headers: ask.headers ?? {} };
  const body = { message, question: message };
  const read = salestalk.post(ask.path, body, init).then((response) => response.text());
  await until(isTime);
  caller.abort();
  await assert.rejects(read);
}

// Without time-outs, so that nothing but the caller can have ended the call.
test('who leaves a classification ends its model call', limit, async () => {
  await using salestalk = await testSalestalk({ policy: todayPolicy });
  const { ollama } = salestalk;
  ollama.answer(() => ({ hang: true }));
  for (const ask of [
    { path: '/classify' },
    { path: '/chat' },
    { path: '/chat', headers: asStream },
  ]) {
    ollama.calls.length = 0;
    await askAndLeave(salestalk, () => ollama.calls.length > 0, ask);
    await ollama.calls[0]?.aborted;
  }
});

test('who leaves in the midst of a narrative ends its model call', limit, async () => {
  await using salestalk = await testSalestalk({ policy: todayPolicy });
  const { ollama } = salestalk;
  ollama.answer((call, n) =>
    n === 1 ? goodModel(call) : { chunks: ['Revenue'], silent: true, betweenMs: 20 },
  );
  await askAndLeave(salestalk, () => ollama.calls.length > 1, { path: '/chat', headers: asStream });
  await ollama.calls[1]?.aborted;
});

test('who leaves between two attempts is not retried for', limit, async () => {
  await using salestalk = await testSalestalk({ policy: plannedPolicy });
  const { ollama } = salestalk;
  ollama.answer(() => ({ status: 503 }));
  await askAndLeave(salestalk, () => ollama.calls.length > 1, { path: '/classify' });
  const attempts = ollama.calls.length;
  // Twice as long as the longest wait that can have begun.
  await setTimeout(200 * 2 ** attempts);
  assert.equal(ollama.calls.length, attempts);
});

test('the same holds for Bedrock, whole and streamed', limit, async () => {
  const bedrock = await startFakeBedrock();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  await using salestalk = await testSalestalk({
    policy: todayPolicy,
    ai: { provider: 'bedrock', endpoint: bedrock.url, region: 'r', modelId: 'm', credentials },
  });
  bedrock.answer({ hang: true });
  await askAndLeave(salestalk, () => bedrock.calls.length > 0, { path: '/classify' });
  await bedrock.hungUp();

  bedrock.answer({ text: classificationText() }, { chunks: ['Revenue'], endsWith: 'silence' });
  const isStreaming = () => bedrock.calls.length > 1;
  await askAndLeave(salestalk, isStreaming, { path: '/chat', headers: asStream });
  await bedrock.hungUp();
  await bedrock.close();
});
