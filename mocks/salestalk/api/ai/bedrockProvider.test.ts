import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startFakeBedrock } from '../../testing/fakeBedrock.ts';
import { systemClock } from '../clock.ts';
import type { AiCall, AiProvider } from './aiProvider.ts';
import { attemptRules, TODAY_POLICY } from './attemptRules.ts';
import { bedrockProvider } from './bedrockProvider.ts';
import { modelSession } from './modelSession.ts';

const modelId = 'anthropic.claude-3-5-haiku-20241022-v1:0';
const call = (signal = new AbortController().signal): AiCall => ({
  kind: 'narrative',
  prompt: 'a prompt',
  temperature: 0.3,
  traceparent: '00-5f3a9c1e000000000000000000000011-00f067aa0ba902b7-01',
  signal,
});

let bedrock: Awaited<ReturnType<typeof startFakeBedrock>>;
let provider: AiProvider;

before(async () => {
  bedrock = await startFakeBedrock();
  provider = bedrockProvider({ endpoint: bedrock.url, region: 'us-east-1', modelId });
});
after(async () => {
  await provider.close();
  await bedrock.close();
});

test('one call is one request, with the prompt and the trace', async () => {
  bedrock.answer({ text: 'hello' });
  assert.equal(await provider.complete(call()), 'hello');
  const { traceparent } = call();
  assert.deepEqual(bedrock.calls, [
    { path: `/model/${modelId}/invoke`, traceparent, prompt: 'a prompt' },
  ]);
});

test('a stream yields its chunks one by one, without empty ones', async () => {
  bedrock.answer({ chunks: ['', 'Rev', 'enue ', '📈'] });
  assert.deepEqual(await Array.fromAsync(provider.stream(call())), ['Rev', 'enue ', '📈']);
  assert.equal(bedrock.calls[0]?.path, `/model/${modelId}/invoke-with-response-stream`);
  assert.equal(bedrock.calls[0]?.traceparent, call().traceparent);
});

test('each status has its reason, and the SDK retries none of them', async () => {
  const cases = [
    { status: 400, type: 'ValidationException', reason: 'rejected' },
    { status: 403, type: 'AccessDeniedException', reason: 'rejected' },
    { status: 408, type: 'ModelTimeoutException', reason: 'timeout' },
    { status: 429, type: 'ThrottlingException', reason: 'throttled' },
    { status: 500, type: 'InternalServerException', reason: 'server' },
    { status: 503, type: 'ServiceUnavailableException', reason: 'server' },
  ];
  for (const { status, type, reason } of cases) {
    bedrock.answer({ status, type, retryAfter: '7' });
    const expected = { name: 'AiCallError', reason, retryAfter: '7' };
    await assert.rejects(provider.complete(call()), expected, type);
    await assert.rejects(Array.fromAsync(provider.stream(call())), expected, type);
    assert.equal(bedrock.calls.length, 2, type);
  }
});

test('throttling in the middle of a stream', async () => {
  bedrock.answer({ chunks: ['half a'], endsWith: 'throttlingException' });
  await assert.rejects(Array.fromAsync(provider.stream(call())), { reason: 'throttled' });
});

test('a stream that ends without message_stop is a network failure', async () => {
  bedrock.answer({ chunks: ['half a'], endsWith: 'nothing' });
  await assert.rejects(Array.fromAsync(provider.stream(call())), { reason: 'network' });
});

test('an aborted call ends', async () => {
  bedrock.answer({ hang: true });
  const caller = new AbortController();
  const answer = provider.complete(call(caller.signal));
  while (bedrock.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
  caller.abort();
  await assert.rejects(answer);
});

test('a time-out of SalesTalk is not a network failure', async () => {
  bedrock.answer({ hang: true });
  const model = modelSession({
    provider,
    rules: attemptRules({ ...TODAY_POLICY, attemptTimeoutMs: 30 }),
    clock: systemClock,
    jitter: () => 0,
    signal: new AbortController().signal,
    traceparent: null,
  });
  await assert.rejects(model.complete(call()), { reason: 'timeout', message: /within 30 ms/ });
});
