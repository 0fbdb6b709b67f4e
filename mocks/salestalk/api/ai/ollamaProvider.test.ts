import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeReply, startFakeOllama } from '../../testing/fakeOllama.ts';
import { aiCall } from '../../testing/scriptedProvider.ts';
import { createOllamaProvider, ndjsonLines } from './ollamaProvider.ts';

/** A provider and the fake Ollama behind it, which gives every call this reply, for as long as the test's block lasts. */
async function startProvider(reply: FakeReply) {
  const ollama = await startFakeOllama();
  ollama.answer(() => reply);
  const provider = createOllamaProvider({ baseUrl: `${ollama.url}/`, model: 'm' });
  return {
    ollama,
    provider,
    async [Symbol.asyncDispose]() {
      await provider.close();
      await ollama.close();
    },
  };
}

test('one call is one request, with the prompt and the trace', async () => {
  await using started = await startProvider({ text: 'hello' });
  const { ollama, provider } = started;
  assert.equal(await provider.complete(aiCall()), 'hello');
  const [{ prompt, stream, traceparent } = assert.fail(), ...more] = ollama.calls;
  assert.deepEqual([prompt, stream, traceparent], ['a prompt', false, aiCall().traceparent]);
  assert.equal(more.length, 0);
});

test('a stream yields its chunks one by one', async () => {
  await using started = await startProvider({ chunks: ['Rev', 'enue ', '📈'] });
  const { ollama, provider } = started;
  assert.deepEqual(await Array.fromAsync(provider.stream(aiCall())), ['Rev', 'enue ', '📈']);
  assert.equal(ollama.calls[0]?.stream, true);
});

test('each status has its reason, and Retry-After comes with it', async () => {
  const reasons = {
    400: 'rejected',
    404: 'rejected',
    408: 'timeout',
    429: 'throttled',
    500: 'server',
    503: 'server',
  };
  for (const [status, reason] of Object.entries(reasons)) {
    const reply = { status: Number(status), headers: { 'Retry-After': '7' } };
    await using started = await startProvider(reply);
    const expected = { name: 'AiCallError', reason, retryAfter: '7' };
    await assert.rejects(started.provider.complete(aiCall()), expected);
    await assert.rejects(Array.fromAsync(started.provider.stream(aiCall())), expected);
  }
});

test('a stream that ends without `done: true` is a network failure', async () => {
  await using started = await startProvider({ chunks: ['half a'], breakOff: true });
  const { provider } = started;
  await assert.rejects(Array.fromAsync(provider.stream(aiCall())), { reason: 'network' });
});

test('a refused connection is a network failure', async () => {
  await using started = await startProvider({});
  await started.ollama.close();
  await assert.rejects(started.provider.complete(aiCall()), { reason: 'network' });
});

test('a reader that leaves a stream closes its connection', async () => {
  await using started = await startProvider({ chunks: ['a', 'b', 'c', 'd'], betweenMs: 50 });
  for await (const _ of started.provider.stream(aiCall())) break;
  await started.ollama.calls[0]?.aborted;
});

const text = '{"a":"é📈"}\n\r\n{"b":2}\n{"c":3}';

test('lines are read whole, wherever the bytes are split', async () => {
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const lines = ndjsonLines(
      (async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      })(),
    );
    assert.deepEqual(await Array.fromAsync(lines), ['{"a":"é📈"}', '{"b":2}', '{"c":3}']);
  }
});
