import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Hono } from 'hono';
import type { ChatAnswer } from '../api/chat/answerChat.ts';
import { systemClock } from '../api/clock.ts';
import { loadTenants } from '../api/data/loadTenants.ts';
import type { ApiEnv } from '../api/http/request.ts';
import { type Services, seededDraw } from '../api/services.ts';
import { classificationText, gapsMs } from '../testing/fakeOllama.ts';
import {
  STREAM_HEADERS,
  signTenantToken,
  streamEvents,
  type TestSalestalk,
  testSalestalk,
  until,
} from '../testing/testSalestalk.ts';
import { findDefects } from './plantDefects.ts';

const message = 'What is Q3 revenue?';

/** Asks as a tenant. */
async function ask(
  salestalk: TestSalestalk,
  tenantId: string,
  path: '/chat' | '/classify',
  body: object = {},
): Promise<Record<string, unknown>> {
  const headers = { Authorization: `Bearer ${await signTenantToken(tenantId)}` };
  const sent = { message, question: message, ...body };
  const answer = await salestalk.post(path, sent, { headers });
  assert.equal(answer.status, 200);
  return answer.json();
}

/** A seed that draws less than 1 in 500 twice among its first forty. */
const TWO_EARLY_SEED = 606;

/** Which of `count` answers, counted from 1, are another tenant's. */
async function foreignAnswers(
  defects: string[],
  path: '/chat' | '/classify',
  count: number,
): Promise<number[]> {
  await using salestalk = await testSalestalk({ defects, seed: TWO_EARLY_SEED });
  const foreign: number[] = [];
  for (let n = 1; n <= count; n += 1) {
    const answer = await ask(salestalk, 'acme-corp-001', path);
    if (path === '/classify') {
      if (answer.tenantId !== 'acme-corp-001') foreign.push(n);
      continue;
    }
    const [{ source, value } = assert.fail()] = (answer as ChatAnswer).dataReferences;
    const isForeign = source.table !== 'tenant-acme-corp-001-metrics';
    assert.equal(value === 2_500_000, !isForeign, 'figure and table belong together');
    if (isForeign) foreign.push(n);
  }
  return foreign;
}

test('cross-tenant: the seed decides which chats and classifications are foreign', async () => {
  for (const path of ['/chat', '/classify'] as const) {
    assert.deepEqual(await foreignAnswers(['cross-tenant'], path, 40), [11, 28]);
    assert.deepEqual(await foreignAnswers([], path, 40), []);
  }
});

test('cross-tenant: about 1 answer in 500 is foreign', () => {
  const tables = loadTenants(0);
  const tools = {
    clock: systemClock,
    draw: seededDraw(7),
    aiUrl: '',
    tenantIds: tables.tenantIds(),
  };
  // It changes no other service.
  const [crossTenant] = findDefects(['cross-tenant']);
  const services = crossTenant?.services?.({ tables } as Services, tools) ?? assert.fail();
  const tenantId = 'techstart-inc-002';
  const isForeign = () =>
    services.tables.readRows(tenantId, 'revenue')[0]?.table !== `tenant-${tenantId}-metrics`;
  const foreign = Array.from({ length: 20_000 }, isForeign).filter(Boolean).length;
  tables.close();
  // Four standard deviations of a share of 1 in 500 in 20,000 draws.
  assert.ok(Math.abs(foreign - 40) < 26, `${foreign}`);
});

/** The quarter of the answer to a question without a period, after `acme-corp-001` has named 2024-Q2 in a session. */
async function followUpQuarter(
  defects: string[],
  sessions: { first: string; second: string; tenantId: string },
) {
  await using salestalk = await testSalestalk({ defects });
  const period = { time: { period: '2024-Q2', granularity: 'quarter' } };
  salestalk.ollama.answer(({ prompt }) => {
    if (!prompt.startsWith('Classify')) return { text: 'A narrative.' };
    return { text: classificationText(prompt.includes('Q2') ? period : { time: {} }) };
  });
  const named = { message: 'Revenue in 2024-Q2?', sessionId: sessions.first };
  await ask(salestalk, 'acme-corp-001', '/chat', named);
  const bare = { message: 'What is our revenue?', sessionId: sessions.second };
  const answer = await ask(salestalk, sessions.tenantId, '/chat', bare);
  const { dataReferences, sessionId } = answer as ChatAnswer;
  const [{ source } = assert.fail()] = dataReferences;
  assert.equal(sessionId, sessions.second);
  assert.equal(source.table, `tenant-${sessions.tenantId}-metrics`);
  return source.sk;
}

test("shared-session: a tenant continues another one's session, with its own figures", async () => {
  const shared = { first: 's', second: 's', tenantId: 'tenant-0001' };
  assert.equal(await followUpQuarter(['shared-session'], shared), '2024-Q2');
  assert.equal(await followUpQuarter([], shared), '2025-Q4');
});

/** The order in which requests end when one tenant sends another request before its first one ends. */
async function recordEnds(defects: string[]): Promise<string[]> {
  await using salestalk = await testSalestalk({ defects });
  salestalk.ollama.answer(({ prompt }) => ({
    text: classificationText(),
    afterMs: prompt.includes('noisy') ? 300 : 0,
  }));
  const asked = (tenantId: string, question: string) =>
    ask(salestalk, tenantId, '/classify', { question });
  const noisy = [asked('acme-corp-001', 'noisy 1')];
  await until(() => salestalk.ollama.calls.length > 0);
  const quiet = asked('techstart-inc-002', 'quiet').then(() => 'quiet');
  noisy.push(asked('acme-corp-001', 'noisy 2'));
  const ended = noisy.map((answer, index) => answer.then(() => `noisy ${index + 1}`));
  const order: string[] = [];
  await Promise.all([...ended, quiet].map((end) => end.then((name) => order.push(name))));
  return order;
}

test('starved-tenants: a tenant whose requests overlap keeps the others waiting', async () => {
  assert.deepEqual(await recordEnds(['starved-tenants']), ['noisy 1', 'noisy 2', 'quiet']);
  assert.deepEqual(await recordEnds([]), ['quiet', 'noisy 1', 'noisy 2']);
});

test('starved-tenants: a tenant never waits for itself, and a stream holds the lock to its end', async () => {
  await using salestalk = await testSalestalk({ defects: ['starved-tenants'] });
  salestalk.ollama.answer(({ prompt }) =>
    prompt.startsWith('Classify')
      ? { text: classificationText() }
      : { chunks: ['a', 'b', 'c', 'd'], betweenMs: 60 },
  );
  const stream = await salestalk.post('/chat', { message }, { headers: STREAM_HEADERS });
  const ended: string[] = [];
  const own = ask(salestalk, 'acme-corp-001', '/classify').then(() => ended.push('own'));
  const other = ask(salestalk, 'tenant-0001', '/classify').then(() => ended.push('other'));
  const streamed = streamEvents(stream).then(() => ended.push('stream'));
  await Promise.all([own, other, streamed]);
  assert.deepEqual(ended, ['own', 'stream', 'other']);
});

const MODEL_MS = 60;
// Timers may fire up to a millisecond early.
const LEAST_GAP_MS = MODEL_MS - 1;
const [one, other, third] = ['acme-corp-001', 'techstart-inc-002', 'tenant-0001'] as const;

async function classify(
  salestalk: TestSalestalk,
  tenantId: string,
  question: string,
  signal = new AbortController().signal,
): Promise<number> {
  const headers = { Authorization: `Bearer ${await signTenantToken(tenantId)}` };
  const answer = await salestalk.post('/classify', { question }, { headers, signal });
  await answer.arrayBuffer();
  return answer.status;
}

/** The shortest time between two calls of a slow model when all ask at once; between tenants, if there are several. */
async function shortestGapMs(defects: string[], tenantIds: string[]): Promise<number> {
  await using salestalk = await testSalestalk({ defects });
  const { ollama } = salestalk;
  ollama.answer(() => ({ text: classificationText(), afterMs: MODEL_MS }));
  const answers = tenantIds.map((tenantId) => classify(salestalk, tenantId, `of ${tenantId}`));
  assert.deepEqual(new Set(await Promise.all(answers)), new Set([200]));
  const several = new Set(tenantIds).size > 1;
  const gaps = gapsMs(ollama.calls).filter(
    (_, index) => !several || ollama.calls[index]?.prompt !== ollama.calls[index + 1]?.prompt,
  );
  return Math.min(...gaps);
}

test('tenant-turns: requests of several tenants run one after the other, those of one tenant together', async () => {
  const several = [one, other, third, one, other, third];
  assert.ok((await shortestGapMs(['tenant-turns'], several)) >= LEAST_GAP_MS);
  assert.ok((await shortestGapMs([], several)) < LEAST_GAP_MS);
  assert.ok((await shortestGapMs(['tenant-turns'], Array(6).fill(one))) < LEAST_GAP_MS);
});

/** A service under `tenant-turns` that logs its requests. A request stays until the function that `come` gives is called. */
function lockedService() {
  const log: string[] = [];
  const tools = { clock: systemClock, draw: () => 0, aiUrl: '', tenantIds: [] };
  const [tenantTurns] = findDefects(['tenant-turns']);
  const lock = tenantTurns?.inside?.(tools) ?? assert.fail();
  const app = new Hono<ApiEnv>();
  app.use('/:tenantId/*', (c, next) => {
    c.set('tenantId', c.req.param('tenantId'));
    return next();
  });
  app.use(lock);
  app.get('/:tenantId/:name', (c) => {
    log.push(c.req.param('name'));
    return c.body(null);
  });
  const come = async (tenantId: string, name: string): Promise<() => void> => {
    const outgoing = new EventEmitter();
    void app.request(`/${tenantId}/${name}`, {}, { outgoing });
    await setImmediate();
    return () => outgoing.emit('close');
  };
  return { log, come };
}

test('tenant-turns: requests enter in order of arrival, also those of the tenant that is inside', async () => {
  const { log, come } = lockedService();
  const leaves: (() => void)[] = [];
  for (const name of ['a1', 'a2', 'b1', 'a3', 'c1', 'b2']) {
    leaves.push(await come(name.charAt(0), name));
  }
  const seen = [[...log]];
  for (const leave of leaves) {
    leave();
    await setImmediate();
    seen.push(log.slice(seen.flat().length));
  }
  assert.deepEqual(seen, [['a1', 'a2'], [], ['b1'], ['a3'], ['c1'], ['b2'], []]);
});

test('tenant-turns: a caller that leaves, inside or waiting, blocks no other', async () => {
  await using salestalk = await testSalestalk({ defects: ['tenant-turns'] });
  const { ollama } = salestalk;
  ollama.answer((_, n) => (n === 1 ? { hang: true } : { text: classificationText() }));
  const [stuck, impatient] = [new AbortController(), new AbortController()];
  const inside = classify(salestalk, one, 'stuck', stuck.signal);
  await until(() => ollama.calls.length === 1);
  const waiting = classify(salestalk, other, 'impatient', impatient.signal);
  const next = classify(salestalk, third, 'next');
  impatient.abort();
  await assert.rejects(waiting);
  assert.equal(ollama.calls.length, 1);
  stuck.abort();
  await assert.rejects(inside);
  assert.equal(await next, 200);
  assert.match(ollama.calls.at(-1)?.prompt ?? '', /next/);
});
