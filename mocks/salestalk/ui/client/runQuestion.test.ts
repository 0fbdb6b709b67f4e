import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { ChatFailure } from './failure.ts';
import { runQuestion } from './runQuestion.ts';
import type { Answer } from './types.ts';

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
const apiUrl = await listening.promise;
after(() => {
  server.close();
});

async function run(
  question: string,
  abort = new AbortController(),
): Promise<{ answer: Answer; states: string[] }> {
  const states: string[] = [];
  const request = { apiUrl, token: 't', requestId: 'r-1', question, sessionId: null, abort };
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
