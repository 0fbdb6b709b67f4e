import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classificationText, goodModel, NARRATIVE_CHUNKS } from '../../testing/fakeOllama.ts';
import { testSalestalk } from '../../testing/testSalestalk.ts';
import { TODAY_POLICY } from '../ai/attemptRules.ts';
import { ndjsonLines } from '../ai/ollamaProvider.ts';
import type { ChatEvent } from './chatEvent.ts';

type CompleteEvent = Extract<ChatEvent, { type: 'complete' }>;

const message = 'What is Q3 revenue?';
const headers = { Accept: 'application/x-ndjson' };

async function* eventsOf(response: Response): AsyncGenerator<ChatEvent> {
  assert.ok(response.body);
  for await (const line of ndjsonLines(response.body)) yield JSON.parse(line);
}

test('the events come in order, each with the request id, and end with the whole answer', async () => {
  await using salestalk = await testSalestalk();
  const response = await salestalk.post('/chat', { message }, { headers });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('Content-Type'), 'application/x-ndjson');
  const events = await Array.fromAsync(eventsOf(response));
  assert.deepEqual(
    events.map((event) => event.type),
    [
      'classification_start',
      'classification_complete',
      'data_retrieval_start',
      'data_retrieval_complete',
      'narrative_start',
      ...NARRATIVE_CHUNKS.map(() => 'narrative_chunk'),
      'complete',
    ],
  );
  const requestId = response.headers.get('X-Request-Id');
  for (const event of events) assert.equal(event.requestId, requestId);
  const texts = events.flatMap((event) => (event.type === 'narrative_chunk' ? [event.text] : []));
  assert.deepEqual(texts, NARRATIVE_CHUNKS);

  const { type: _, requestId: __, metadata, ...complete } = events.at(-1) as CompleteEvent;
  const { sessionId } = complete;
  assert.equal(response.headers.get('X-Session-Id'), sessionId);
  const json = await (await salestalk.post('/chat', { message, sessionId })).json();
  const { requestId: ___, metadata: plainMetadata, ...plain } = json;
  assert.deepEqual(complete, plain);
  assert.deepEqual(Object.keys(metadata), Object.keys(plainMetadata));
  assert.equal(salestalk.ollama.calls[1]?.stream, true);
});

test('each chunk is sent as it comes', async () => {
  await using salestalk = await testSalestalk();
  salestalk.ollama.answer((call) => ({ ...goodModel(call), betweenMs: 60 }));
  const arrivals: number[] = [];
  for await (const event of eventsOf(await salestalk.post('/chat', { message }, { headers }))) {
    if (event.type === 'narrative_chunk') arrivals.push(performance.now());
  }
  const [first = Number.NaN, , last = Number.NaN] = arrivals;
  assert.ok(last - first > 60, `${last - first} ms from the first to the third chunk`);
});

test('a refused question ends after its classification', async () => {
  await using salestalk = await testSalestalk();
  salestalk.ollama.answer(() => ({ text: classificationText({ confidence: { overall: 0.2 } }) }));
  const response = await salestalk.post('/chat', { message }, { headers });
  const types = (await Array.fromAsync(eventsOf(response))).map((event) => event.type);
  assert.deepEqual(types, ['classification_start', 'classification_complete', 'complete']);
});

test('a failure during the stream is its last event, and a bad request is a plain error', async () => {
  await using salestalk = await testSalestalk();
  salestalk.ollama.answer((call, n) =>
    n === 1 ? goodModel(call) : { chunks: ['Reve'], breakOff: true },
  );
  const response = await salestalk.post('/chat', { message }, { headers });
  const events = await Array.fromAsync(eventsOf(response));
  assert.deepEqual(events.at(-2), {
    type: 'narrative_chunk',
    requestId: events[0]?.requestId,
    text: 'Reve',
  });
  assert.deepEqual(events.at(-1), {
    type: 'error',
    error: 'AIProviderError',
    message: 'The AI provider could not answer.',
    requestId: response.headers.get('X-Request-Id'),
  });
  assert.equal((await salestalk.post('/chat', {}, { headers })).status, 400);
});

test('the Accept header decides the form of the answer', async () => {
  await using salestalk = await testSalestalk();
  const form = async (Accept: string) =>
    (await salestalk.post('/chat', { message }, { headers: { Accept } })).headers.get(
      'Content-Type',
    );
  assert.equal(await form('*/*'), 'application/json');
  assert.equal(await form('application/json'), 'application/json');
  assert.equal(await form('application/json;q=0.5, application/x-ndjson'), 'application/x-ndjson');
});

for (const [what, extra] of [
  ['stream', headers],
  ['plain answer', {}],
] as const) {
  test(`a caller that leaves a ${what} ends the model call behind it`, {
    timeout: 5_000,
  }, async () => {
    // Without time-outs, so that nothing but the caller can have ended the call.
    await using salestalk = await testSalestalk({ policy: TODAY_POLICY });
    salestalk.ollama.answer((call, n) => (n === 1 ? goodModel(call) : { hang: true }));
    const caller = new AbortController();
    const { signal } = caller;
    const answer = salestalk.post('/chat', { message }, { headers: extra, signal });
    const read = answer.then((response) => response.text());
    while (salestalk.ollama.calls.length < 2)
      await new Promise((resolve) => setTimeout(resolve, 5));
    caller.abort();
    await assert.rejects(read);
    await salestalk.ollama.calls[1]?.aborted;
    const metrics = await (await fetch(`${salestalk.url}/metrics`)).text();
    assert.match(metrics, /^salestalk_requests_in_flight 0$/m);
    assert.match(metrics, /^salestalk_requests_total\{route="\/chat",status="499"\} 1$/m);
  });
}
