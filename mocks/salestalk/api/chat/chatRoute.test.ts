import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classificationText, goodModel, NARRATIVE_CHUNKS } from '../../testing/fakeOllama.ts';
import {
  STREAM_HEADERS,
  signTenantToken,
  streamEvents,
  type TestSalestalk,
  testSalestalk,
} from '../../testing/testSalestalk.ts';
import { createSessionHistory } from '../services.ts';
import type { ChatEvent } from './answerChat.ts';

const message = 'What is Q3 revenue? [ref:5f3a9c1e-17]';

/** Has the model classify by a table whose keys are words of the question, and write the figures it is sent as narrative. */
function classifyBy(
  salestalk: TestSalestalk,
  table: Record<string, Record<string, unknown>>,
): void {
  salestalk.ollama.answer(({ prompt }) => {
    const question = /^Question: (.*)$/m.exec(prompt)?.[1] ?? '';
    if (!prompt.startsWith('Classify'))
      return { text: /^Data references: (.*)$/m.exec(prompt)?.[1] ?? '' };
    const change = Object.entries(table).find(([words]) => question.includes(words))?.[1];
    return { text: classificationText(change) };
  });
}

const chat = async (salestalk: TestSalestalk, body: object, tenantId = 'acme-corp-001') => {
  const headers = { Authorization: `Bearer ${await signTenantToken(tenantId)}` };
  return (await salestalk.post('/chat', body, { headers })).json();
};

test('a question is answered with two model calls, its figures and their source', async () => {
  await using salestalk = await testSalestalk();
  const response = await salestalk.post('/chat', { message });
  assert.equal(response.status, 200);
  const { metadata, ...answer } = await response.json();
  assert.deepEqual(answer, {
    response: 'Revenue in Q3 was $2.5M.',
    sessionId: response.headers.get('X-Session-Id'),
    requestId: response.headers.get('X-Request-Id'),
    classification: { ...JSON.parse(classificationText()), metadata: { parse_attempts: 1 } },
    dataReferences: [
      {
        metric: 'revenue',
        period: 'Q3',
        value: 2_500_000,
        unit: 'USD',
        source: { table: 'tenant-acme-corp-001-metrics', pk: 'METRIC#revenue', sk: '2025-Q3' },
      },
    ],
  });
  const { latencyMs, ...rest } = metadata;
  assert.ok(Number.isInteger(latencyMs));
  assert.deepEqual(rest, { provider: 'ollama', confidence: 0.85 });
  assert.deepEqual(
    salestalk.ollama.calls.map((call) => call.stream),
    [false, false],
  );
});

test('the narrative prompt has question, classification and figures, each on its own line', async () => {
  await using salestalk = await testSalestalk();
  const answer = await chat(salestalk, { message });
  const prompt = salestalk.ollama.calls[1]?.prompt ?? '';
  const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(prompt)?.[1] ?? '';
  assert.match(prompt, /narrative/);
  assert.equal(line('Question'), message);
  assert.deepEqual(JSON.parse(line('Classification')), answer.classification);
  assert.deepEqual(JSON.parse(line('Data references')), answer.dataReferences);
});

test('both model calls of a request continue its trace', async () => {
  await using salestalk = await testSalestalk();
  const traceparent = '00-5f3a9c1e000000000000000000000011-00f067aa0ba902b7-01';
  await salestalk.post('/chat', { message }, { headers: { traceparent } });
  const parents = salestalk.ollama.calls.map((call) => call.traceparent ?? '');
  assert.deepEqual(
    parents.map((parent) => parent.slice(0, 36)),
    Array(2).fill(traceparent.slice(0, 36)),
  );
  assert.equal(new Set([...parents, traceparent]).size, 3);
});

test('a comparison has both figures, under their full names', async () => {
  await using salestalk = await testSalestalk();
  classifyBy(salestalk, { '': { intent: 'compare', measure: 'gm_pct', subject: 'margin' } });
  const { dataReferences } = await chat(salestalk, { message });
  const figures = dataReferences.map(({ metric, period, value, unit }: Record<string, unknown>) => [
    metric,
    period,
    value,
    unit,
  ]);
  assert.deepEqual(figures, [
    ['margin', '2025-Q2', 0.34, 'ratio'],
    ['margin', '2025-Q3', 0.35, 'ratio'],
  ]);
});

test('a vague question is refused without a narrative call', async () => {
  await using salestalk = await testSalestalk();
  classifyBy(salestalk, { '': { confidence: { overall: 0.69 } } });
  const answer = await chat(salestalk, { message });
  assert.equal(answer.metadata.refused, true);
  assert.equal(answer.metadata.confidence, 0.69);
  assert.match(answer.response, /69% sure/);
  assert.deepEqual(answer.dataReferences, []);
  assert.equal(salestalk.ollama.calls.length, 1);
});

test('a confidence of 0.7 is enough', async () => {
  await using salestalk = await testSalestalk();
  classifyBy(salestalk, { '': { confidence: { overall: 0.7 } } });
  assert.equal('refused' in (await chat(salestalk, { message })).metadata, false);
});

test('without figures the answer says so, and the model is not called', async () => {
  await using salestalk = await testSalestalk();
  classifyBy(salestalk, { '': { time: { period: 'Q3 2019', granularity: 'quarter' } } });
  const answer = await chat(salestalk, { message });
  assert.deepEqual(answer.dataReferences, []);
  assert.match(answer.response, /no figures on revenue for Q3 2019/);
  assert.equal('refused' in answer.metadata, false);
  assert.equal(salestalk.ollama.calls.length, 1);

  const unknown = await chat(salestalk, { message: 'What is Q3 revenue?' }, 'new-tenant');
  assert.deepEqual(unknown.dataReferences, []);
});

test('twenty tenants that ask at once get their own figures', async () => {
  await using salestalk = await testSalestalk({ extraTenantCount: 18 });
  classifyBy(salestalk, {});
  const extra = Array.from(
    { length: 18 },
    (_, index) => `tenant-${String(index + 1).padStart(4, '0')}`,
  );
  const tenants = ['acme-corp-001', 'techstart-inc-002', ...extra];
  const asked = Array.from({ length: 200 }, (_, index) => tenants[index % tenants.length] ?? '');
  const answers = await Promise.all(
    asked.map((tenantId) => chat(salestalk, { message, sessionId: 'same' }, tenantId)),
  );
  const values = new Map<string, Set<number>>();
  for (const [index, answer] of answers.entries()) {
    const tenantId = asked[index] ?? '';
    assert.equal(answer.dataReferences[0].source.table, `tenant-${tenantId}-metrics`);
    // The narrative is what the model was sent: its figures must be those of the answer.
    assert.deepEqual(JSON.parse(answer.response), answer.dataReferences);
    values.set(tenantId, (values.get(tenantId) ?? new Set()).add(answer.dataReferences[0].value));
  }
  assert.deepEqual(
    [...values.values()].map((own) => own.size),
    tenants.map(() => 1),
  );
  assert.equal(new Set([...values.values()].flatMap((own) => [...own])).size, 20);
});

test('a follow-up takes the period before it, in its own session and tenant only', async () => {
  await using salestalk = await testSalestalk();
  classifyBy(salestalk, {
    'And the': { measure: 'margin_pct', time: {} },
    '': { time: { period: '2024-Q2', granularity: 'quarter' } },
  });
  const sessionId = 'my-session';
  const sk = async (body: object, tenantId?: string) =>
    (await chat(salestalk, body, tenantId)).dataReferences[0].source.sk;
  const latest = '2025-Q4';
  assert.equal(await sk({ message, sessionId }), '2024-Q2');
  assert.equal(await sk({ message: 'And the margin?', sessionId }), '2024-Q2');
  assert.equal(await sk({ message: 'And the margin?', sessionId: 'other' }), latest);
  assert.equal(await sk({ message: 'And the margin?' }), latest);
  assert.equal(await sk({ message: 'And the margin?', sessionId }, 'tenant-0001'), latest);
});

test('a valid session id is kept, and a missing one is created', async () => {
  await using salestalk = await testSalestalk();
  assert.equal((await chat(salestalk, { message, sessionId: 's.1' })).sessionId, 's.1');
  assert.match((await chat(salestalk, { message })).sessionId, /^[0-9a-f-]{36}$/);
  for (const sessionId of ['', 'a b', 7, 'x'.repeat(129), '<b>']) {
    assert.equal((await chat(salestalk, { message, sessionId })).error, 'ValidationError');
  }
});

type CompleteEvent = Extract<ChatEvent, { type: 'complete' }>;

const postStreamed = (salestalk: TestSalestalk, body: object = { message }) =>
  salestalk.post('/chat', body, { headers: STREAM_HEADERS });

test('the events come in order, each with the request id, and end with the whole answer', async () => {
  await using salestalk = await testSalestalk();
  const response = await postStreamed(salestalk);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('Content-Type'), 'application/x-ndjson');
  const events = await streamEvents(response);
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

test('a refused question ends after its classification', async () => {
  await using salestalk = await testSalestalk();
  salestalk.ollama.answer(() => ({ text: classificationText({ confidence: { overall: 0.2 } }) }));
  const response = await postStreamed(salestalk);
  const types = (await streamEvents(response)).map((event) => event.type);
  assert.deepEqual(types, ['classification_start', 'classification_complete', 'complete']);
});

test('a failure during the stream is its last event, and a bad request is a plain error', async () => {
  await using salestalk = await testSalestalk();
  salestalk.ollama.answer((call, n) =>
    n === 1 ? goodModel(call) : { chunks: ['Reve'], breakOff: true },
  );
  const response = await postStreamed(salestalk);
  const events = await streamEvents(response);
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
  assert.equal((await postStreamed(salestalk, {})).status, 400);
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

test('the session used longest ago is forgotten first', () => {
  const history = createSessionHistory(2);
  for (const session of ['a', 'b', 'a', 'c']) history.remember('t', session, 'Q1');
  assert.deepEqual(
    ['a', 'b', 'c'].map((session) => history.lastPeriod('t', session)),
    ['Q1', null, 'Q1'],
  );
});
