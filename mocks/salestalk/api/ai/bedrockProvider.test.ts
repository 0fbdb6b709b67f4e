import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startFakeBedrock } from '../../testing/fakeBedrock.ts';
import { aiCall } from '../../testing/scriptedProvider.ts';
import type { AiProvider } from './aiProvider.ts';
import { createBedrockProvider } from './bedrockProvider.ts';

const modelId = 'anthropic.claude-3-5-haiku-20241022-v1:0';

let bedrock: Awaited<ReturnType<typeof startFakeBedrock>>;
let provider: AiProvider;

before(async () => {
  bedrock = await startFakeBedrock();
  provider = createBedrockProvider({ endpoint: bedrock.url, region: 'us-east-1', modelId });
});
after(async () => {
  await provider.close();
  await bedrock.close();
});

test('one call is one request, with the prompt and the trace', async () => {
  bedrock.answer({ text: 'hello' });
  assert.equal(await provider.complete(aiCall()), 'hello');
  const { traceparent } = aiCall();
  assert.deepEqual(bedrock.calls, [
    { path: `/model/${modelId}/invoke`, traceparent, prompt: 'a prompt' },
  ]);
});

test('a stream yields its chunks one by one, without empty ones', async () => {
  bedrock.answer({ chunks: ['', 'Rev', 'enue ', '📈'] });
  assert.deepEqual(await Array.fromAsync(provider.stream(aiCall())), ['Rev', 'enue ', '📈']);
  assert.equal(bedrock.calls[0]?.path, `/model/${modelId}/invoke-with-response-stream`);
  assert.equal(bedrock.calls[0]?.traceparent, aiCall().traceparent);
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
    await assert.rejects(provider.complete(aiCall()), expected, type);
    await assert.rejects(Array.fromAsync(provider.stream(aiCall())), expected, type);
    assert.equal(bedrock.calls.length, 2, type);
  }
});

test('a stream that breaks off with an exception fails for its reason', async () => {
  bedrock.answer({ chunks: ['half a'], endsWith: 'throttlingException' });
  await assert.rejects(Array.fromAsync(provider.stream(aiCall())), { reason: 'throttled' });
});

test('a stream that ends without message_stop is a network failure', async () => {
  bedrock.answer({ chunks: ['half a'], endsWith: 'nothing' });
  await assert.rejects(Array.fromAsync(provider.stream(aiCall())), { reason: 'network' });
});
