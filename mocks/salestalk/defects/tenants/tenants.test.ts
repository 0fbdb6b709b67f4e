import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatAnswer } from '../../api/chat/chatAnswer.ts';
import { systemClock } from '../../api/clock.ts';
import { loadTenants } from '../../api/data/loadTenants.ts';
import { seededShares } from '../../api/seededShares.ts';
import type { Services } from '../../api/services.ts';
import { classificationText } from '../../testing/modelTexts.ts';
import { asStream, streamEvents } from '../../testing/streamEvents.ts';
import { type TestSalestalk, testSalestalk } from '../../testing/testSalestalk.ts';
import { tokenFor } from '../../testing/token.ts';
import { until } from '../../testing/until.ts';
import { crossTenant } from './crossTenant.ts';

const message = 'What is Q3 revenue?';

/** Asks as a tenant. */
async function ask(
  salestalk: TestSalestalk,
  tenantId: string,
  path: '/chat' | '/classify',
  body: object = {},
): Promise<Record<string, unknown>> {
  const headers = { Authorization: `Bearer ${await tokenFor(tenantId)}` };
  const sent = { message, question: message, ...body };
  const answer = await salestalk.post(path, sent, { headers });
  assert.equal(answer.status, 200);
  return answer.json();
}

/** A seed that draws less than 1 in 500 twice among its first forty. */
const soonTwice = 606;

/** Which of `count` answers, counted from 1, are another tenant's. */
async function foreignAnswers(
  defects: string[],
  path: '/chat' | '/classify',
  count: number,
): Promise<number[]> {
  await using salestalk = await testSalestalk({ defects, seed: soonTwice });
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

test('cross-tenant: a chat, or a classification, now and then, the same ones for the same seed', async () => {
  assert.deepEqual(await foreignAnswers(['cross-tenant'], '/chat', 40), [11, 28]);
  assert.deepEqual(await foreignAnswers(['cross-tenant'], '/classify', 40), [11, 28]);
});

test('cross-tenant: 1 answer in 500', () => {
  const tables = loadTenants(0);
  const tools = {
    clock: systemClock,
    share: seededShares(7),
    aiUrl: '',
    tenantIds: tables.tenantIds(),
  };
  // Of the services it changes these alone.
  const services = crossTenant.services?.({ tables } as Services, tools) ?? assert.fail();
  const tenantId = 'techstart-inc-002';
  const isForeign = () =>
    services.tables.rowsOf(tenantId, 'revenue')[0]?.table !== `tenant-${tenantId}-metrics`;
  const foreign = Array.from({ length: 20_000 }, isForeign).filter(Boolean).length;
  tables.close();
  // Four standard deviations of a share of 1 in 500 in 20,000 draws.
  assert.ok(Math.abs(foreign - 40) < 26, `${foreign}`);
});

test('cross-tenant: no answer of the clean twin is foreign', async () => {
  assert.deepEqual(await foreignAnswers([], '/chat', 40), []);
  assert.deepEqual(await foreignAnswers([], '/classify', 40), []);
});

/** The quarter that a tenant's question without a period is answered for, when another tenant named one in a session. */
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

test("shared-session: another tenant's session goes on, in one's own figures", async () => {
  const shared = { first: 's', second: 's', tenantId: 'tenant-0001' };
  assert.equal(await followUpQuarter(['shared-session'], shared), '2024-Q2');
  assert.equal(await followUpQuarter([], shared), '2025-Q4');
});

test('shared-session: own sessions stay as they were', async () => {
  const own = { first: 's', second: 's', tenantId: 'acme-corp-001' };
  for (const defects of [['shared-session'], []]) {
    assert.equal(await followUpQuarter(defects, own), '2024-Q2');
    assert.equal(await followUpQuarter(defects, { ...own, second: 'other' }), '2025-Q4');
  }
});

/** In which order requests end, when one tenant keeps its requests under way for as long as another waits. */
async function orderOfEnds(defects: string[]): Promise<string[]> {
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
  await Promise.all([...ended, quiet].map((end) => end.then((who) => order.push(who))));
  return order;
}

test('starved-tenants: a tenant that does not pause keeps the others waiting', async () => {
  assert.deepEqual(await orderOfEnds(['starved-tenants']), ['noisy 1', 'noisy 2', 'quiet']);
  assert.deepEqual(await orderOfEnds([]), ['quiet', 'noisy 1', 'noisy 2']);
});

test('starved-tenants: a tenant by itself waits for nothing, and a stream holds the lock to its end', async () => {
  await using salestalk = await testSalestalk({ defects: ['starved-tenants'] });
  salestalk.ollama.answer(({ prompt }) =>
    prompt.startsWith('Classify')
      ? { text: classificationText() }
      : { chunks: ['a', 'b', 'c', 'd'], betweenMs: 60 },
  );
  const stream = await salestalk.post('/chat', { message }, { headers: asStream });
  const ended: string[] = [];
  const own = ask(salestalk, 'acme-corp-001', '/classify').then(() => ended.push('own'));
  const other = ask(salestalk, 'tenant-0001', '/classify').then(() => ended.push('other'));
  const streamed = streamEvents(stream).then(() => ended.push('stream'));
  await Promise.all([own, other, streamed]);
  assert.deepEqual(ended, ['own', 'stream', 'other']);
});
