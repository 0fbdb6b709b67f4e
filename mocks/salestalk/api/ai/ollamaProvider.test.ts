import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeReply, startFakeOllama } from '../../testing/fakeOllama.ts';
import { systemClock } from '../clock.ts';
import type { AiCall } from './aiProvider.ts';
import { attemptRules, TODAY_POLICY } from './attemptRules.ts';
import { modelSession } from './modelSession.ts';
import { ndjsonLines, ollamaProvider } from './ollamaProvider.ts';

const call = (signal = new AbortController().signal): AiCall => ({
  kind: 'narrative',
  prompt: 'a prompt',
  temperature: 0.3,
  traceparent: '00-5f3a9c1e000000000000000000000011-00f067aa0ba902b7-01',
  signal,
});

async function withOllama(
  reply: FakeReply,
  use: (
    ollama: Awaited<ReturnType<typeof startFakeOllama>>,
    provider: ReturnType<typeof ollamaProvider>,
  ) => Promise<void>,
): Promise<void> {
  const ollama = await startFakeOllama();
  ollama.answer(() => reply);
  const provider = ollamaProvider({ baseUrl: `${ollama.url}/`, model: 'm' });
  try {
    await use(ollama, provider);
  } finally {
    await provider.close();
    await ollama.close();
  }
}

test('one call is one request, with the prompt and the trace', () =>
  withOllama({ text: 'hello' }, async (ollama, provider) => {
    assert.equal(await provider.complete(call()), 'hello');
    const [{ prompt, stream, traceparent } = assert.fail(), ...more] = ollama.calls;
    assert.deepEqual(
      { prompt, stream, traceparent },
      {
        prompt: 'a prompt',
        stream: false,
        traceparent: call().traceparent,
      },
    );
    assert.equal(more.length, 0);
  }));

test('a stream yields its chunks one by one', () =>
  withOllama({ chunks: ['Rev', 'enue ', '📈'] }, async (ollama, provider) => {
    assert.deepEqual(await Array.fromAsync(provider.stream(call())), ['Rev', 'enue ', '📈']);
    assert.equal(ollama.calls[0]?.stream, true);
  }));

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
    await withOllama(reply, async (_, provider) => {
      const expected = { name: 'AiCallError', reason, retryAfter: '7' };
      await assert.rejects(provider.complete(call()), expected);
      await assert.rejects(Array.fromAsync(provider.stream(call())), expected);
    });
  }
});

test('a stream that ends without `done: true` is a network failure', () =>
  withOllama({ chunks: ['half a'], breakOff: true }, async (_, provider) => {
    await assert.rejects(Array.fromAsync(provider.stream(call())), { reason: 'network' });
  }));

test('a refused connection is a network failure', async () => {
  const ollama = await startFakeOllama();
  await ollama.close();
  const provider = ollamaProvider({ baseUrl: ollama.url, model: 'm' });
  await assert.rejects(provider.complete(call()), { reason: 'network' });
  await provider.close();
});

test('an aborted call closes its connection', () =>
  withOllama({ hang: true }, async (ollama, provider) => {
    const caller = new AbortController();
    const answer = provider.complete(call(caller.signal));
    while (ollama.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    caller.abort();
    await assert.rejects(answer);
    await ollama.calls[0]?.aborted;
  }));

test('a reader that leaves a stream closes its connection', () =>
  withOllama({ chunks: ['a', 'b', 'c', 'd'], betweenMs: 50 }, async (ollama, provider) => {
    for await (const _ of provider.stream(call())) break;
    await ollama.calls[0]?.aborted;
  }));

test('a time-out of SalesTalk ends the call, and is not a network failure', () =>
  withOllama({ hang: true }, async (ollama, provider) => {
    const model = modelSession({
      provider,
      rules: attemptRules({ ...TODAY_POLICY, attemptTimeoutMs: 30 }),
      clock: systemClock,
      jitter: () => 0,
      signal: new AbortController().signal,
      traceparent: null,
    });
    await assert.rejects(model.complete(call()), { reason: 'timeout', message: /within 30 ms/ });
    await ollama.calls[0]?.aborted;
  }));

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
