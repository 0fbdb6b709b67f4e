import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { ChatFailure, toChatFailure } from './failure.ts';
import type { ChatEvent, Classification, DataReference } from './readAnswer.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from './reduceAnswer.ts';
import { runQuestion } from './runQuestion.ts';

const ndjson = { 'Content-Type': 'application/x-ndjson' };
const chunk = '{"type":"narrative_chunk","text":"Hello"}';
const complete = '{"type":"complete","response":"Hello"}';

/** A service whose answer the question selects. */
const service = new Hono();
const lateEndWas = Promise.withResolvers<'read' | 'left'>();
let received: { accept: string | undefined; requestId: string | undefined; body: unknown } | null =
  null;
service.post('/chat', async (c) => {
  const body: { message: string } = await c.req.json();
  received = { accept: c.req.header('Accept'), requestId: c.req.header('X-Request-Id'), body };
  const lines = body.message.split('|');
  if (lines[0] === 'json') return c.json({ response: 'At once.', sessionId: 's-1' });
  if (lines[0] === 'late end') return c.body(lateEnd(), 200, ndjson);
  if (lines[0] === 'foreign') return c.json({ hello: 'world' });
  if (lines[0] === 'status') {
    const status = Number(lines[1]) === 401 ? 401 : 400;
    return c.json({ error: 'x', message: 'Too long.' }, status);
  }
  return c.body(lines.join('\n'), 200, ndjson);
});

/** Says that it is complete, and ends a little later. */
function lateEnd(): ReadableStream {
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode(`${complete}\n`));
      await Promise.race([setTimeout(50), lateEndWas.promise]);
      lateEndWas.resolve('read');
      if ((await lateEndWas.promise) === 'read') controller.close();
    },
    cancel() {
      lateEndWas.resolve('left');
    },
  });
}

const listening = Promise.withResolvers<string>();
const server = serve({ fetch: service.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  listening.resolve(`http://127.0.0.1:${port}`),
);
const origin = await listening.promise;
const { fetch } = globalThis;
// A page's fetch knows the page's origin.
globalThis.fetch = (path, init) => fetch(`${origin}${path}`, init);
after(() => {
  globalThis.fetch = fetch;
  server.close();
});

async function run(
  question: string,
  abort = new AbortController(),
): Promise<{ answer: Answer; states: string[] }> {
  const states: string[] = [];
  const request = { token: 't', requestId: 'r-1', question, sessionId: null, abort };
  const answer = await runQuestion(request, (_, next) => states.push(next.state));
  return { answer, states };
}

test('a stream is asked for, under the request id given, and followed to its end', async () => {
  const { answer, states } = await run([chunk, complete].join('|'));
  assert.deepEqual([received?.accept, received?.requestId], ['application/x-ndjson', 'r-1']);
  assert.deepEqual([answer.state, answer.narrative], ['complete', 'Hello']);
  assert.equal(states.at(-1), 'complete');
});

test('an answer that is not streamed is read too', async () => {
  const { answer, states } = await run('json');
  assert.deepEqual(
    [answer.state, answer.narrative, answer.sessionId],
    ['complete', 'At once.', 's-1'],
  );
  assert.deepEqual(states, ['complete']);
});

test('a complete answer is final, and the connection is read to its end', async () => {
  const { answer, states } = await run([complete, chunk, 'not JSON'].join('|'));
  assert.deepEqual([answer.state, answer.narrative], ['complete', 'Hello']);
  assert.equal(states.at(-1), 'complete');
  assert.equal((await run('late end')).answer.state, 'complete');
  assert.equal(await lateEndWas.promise, 'read');
});

test('each kind of failure is recognised', async () => {
  const failures = [
    ['status|401', 'signedOut', 'Too long.'],
    ['status|400', 'invalid', 'Too long.'],
    ['foreign', 'unreadable', null],
    ['not JSON', 'unreadable', null],
    [chunk, 'interrupted', null],
    [`${chunk}|{"type":"error","error":"AIProviderError"}`, 'model', null],
  ] as const;
  for (const [question, kind, detail] of failures) {
    const { answer } = await run(question);
    assert.equal(answer.state, 'error', question);
    assert.deepEqual(answer.failure, { kind, detail }, question);
  }
});

test('a stopped question is shown as stopped', async () => {
  const abort = new AbortController();
  const running = run([chunk, complete].join('|'), abort);
  abort.abort(new ChatFailure('stopped'));
  assert.deepEqual((await running).answer.failure, { kind: 'stopped', detail: null });
});

const classification: Classification = {
  intent: 'what',
  subject: 'revenue',
  measure: 'revenue',
  period: 'Q3',
  confidence: 0.85,
};
const reference: DataReference = {
  metric: 'revenue',
  period: 'Q3',
  value: 2_500_000,
  unit: 'USD',
  table: 'tenant-acme-corp-001-metrics',
  key: 'METRIC#revenue / 2025-Q3',
};
const completed: ChatEvent = {
  type: 'complete',
  narrative: null,
  classification: null,
  references: null,
  sessionId: null,
  refused: false,
};
const answerAfter = (...events: ChatEvent[]): Answer => events.reduce(reduceAnswer, EMPTY_ANSWER);

test('a streamed answer goes from loading over streaming to complete', () => {
  const beginning: ChatEvent[] = [
    { type: 'classificationStart' },
    { type: 'classificationComplete', classification },
    { type: 'dataStart' },
    { type: 'dataComplete', references: [reference] },
    { type: 'narrativeStart' },
  ];
  const waiting = answerAfter(...beginning);
  assert.deepEqual(
    [waiting.state, waiting.step, waiting.classification],
    ['loading', 'writing', classification],
  );
  const streaming = [
    { type: 'narrativeChunk', text: 'Revenue was ' } as const,
    { type: 'narrativeChunk', text: '$2.5M.' } as const,
  ].reduce(reduceAnswer, waiting);
  assert.deepEqual([streaming.state, streaming.narrative], ['streaming', 'Revenue was $2.5M.']);

  const end = reduceAnswer(streaming, completed);
  assert.deepEqual(
    [end.state, end.narrative, end.classification, end.references],
    ['complete', 'Revenue was $2.5M.', classification, [reference]],
  );
});

test('the last event overrides earlier ones', () => {
  const end = answerAfter(
    { type: 'narrativeChunk', text: 'Draft' },
    { ...completed, narrative: 'Final', references: [reference], sessionId: 's-1' },
  );
  assert.deepEqual([end.narrative, end.references, end.sessionId], ['Final', [reference], 's-1']);
});

test('a refusal is neither a success nor an error', () => {
  const end = answerAfter({ ...completed, narrative: 'Not sure what you mean.', refused: true });
  assert.deepEqual([end.state, end.failure], ['refused', null]);
});

test('a failure keeps what came before it', () => {
  const end = answerAfter(
    { type: 'classificationComplete', classification },
    { type: 'narrativeChunk', text: 'Revenue ' },
    { type: 'failed', kind: 'model', detail: null },
  );
  assert.deepEqual(
    [end.state, end.classification, end.narrative, end.failure],
    ['error', classification, 'Revenue ', { kind: 'model', detail: null }],
  );
});

test('an empty chunk does not begin the narrative', () => {
  assert.equal(answerAfter({ type: 'narrativeChunk', text: '' }).state, 'loading');
});

const begun = { onLine: true, answering: true };
const asked = { onLine: true, answering: false };

test('a network failure is named by the time when it happened, and an answer that is too long is unreadable', () => {
  assert.equal(toChatFailure(new RangeError('too long'), begun).kind, 'unreadable');
  const cause = new TypeError('Failed to fetch');
  assert.equal(toChatFailure(cause, asked).kind, 'unreachable');
  assert.equal(toChatFailure(cause, begun).kind, 'interrupted');
  assert.equal(toChatFailure(cause, { onLine: false, answering: false }).kind, 'offline');
});
