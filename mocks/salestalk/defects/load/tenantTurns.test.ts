import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Hono } from 'hono';
import { systemClock } from '../../api/clock.ts';
import type { ApiEnv } from '../../api/http/apiEnv.ts';
import { gapsMs } from '../../testing/gapsMs.ts';
import { classificationText } from '../../testing/modelTexts.ts';
import { type TestSalestalk, testSalestalk } from '../../testing/testSalestalk.ts';
import { tokenFor } from '../../testing/token.ts';
import { until } from '../../testing/until.ts';
import { tenantTurns } from './tenantTurns.ts';

const modelMs = 60;
// Timers of whole milliseconds may fire that much early.
const asLongAsTheModel = modelMs - 1;
const [one, other, third] = ['acme-corp-001', 'techstart-inc-002', 'tenant-0001'] as const;

async function ask(
  salestalk: TestSalestalk,
  tenantId: string,
  question: string,
  signal = new AbortController().signal,
): Promise<number> {
  const headers = { Authorization: `Bearer ${await tokenFor(tenantId)}` };
  const answer = await salestalk.post('/classify', { question }, { headers, signal });
  await answer.arrayBuffer();
  return answer.status;
}

/** The shortest time between two calls of a slow model, of different tenants or of the same, when they all ask at once. */
async function shortestGapMs(defects: string[], tenantIds: string[]): Promise<number> {
  await using salestalk = await testSalestalk({ defects });
  const { ollama } = salestalk;
  ollama.answer(() => ({ text: classificationText(), afterMs: modelMs }));
  const answers = tenantIds.map((tenantId) => ask(salestalk, tenantId, `of ${tenantId}`));
  assert.deepEqual(new Set(await Promise.all(answers)), new Set([200]));
  const several = new Set(tenantIds).size > 1;
  const gaps = gapsMs(ollama.calls).filter(
    (_, index) => !several || ollama.calls[index]?.prompt !== ollama.calls[index + 1]?.prompt,
  );
  return Math.min(...gaps);
}

test('requests of several tenants go one after the other, those of a tenant alone together', async () => {
  const several = [one, other, third, one, other, third];
  assert.ok((await shortestGapMs(['tenant-turns'], several)) >= asLongAsTheModel);
  assert.ok((await shortestGapMs([], several)) < asLongAsTheModel);
  assert.ok((await shortestGapMs(['tenant-turns'], Array(6).fill(one))) < asLongAsTheModel);
});

/** A service behind the lock that notes who gets in. Whoever has come stays until told to leave. */
function lockedService() {
  const log: string[] = [];
  const tools = { clock: systemClock, share: () => 0, aiUrl: '', tenantIds: [] };
  const lock = tenantTurns.inside?.(tools) ?? assert.fail();
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

test('first come, first served: whoever is inside waits behind those who came before', async () => {
  const { log, come } = lockedService();
  const leavers: (() => void)[] = [];
  for (const name of ['a1', 'a2', 'b1', 'a3', 'c1', 'b2'])
    leavers.push(await come(name.charAt(0), name));
  const seen = [[...log]];
  for (const leave of leavers) {
    leave();
    await setImmediate();
    seen.push(log.slice(seen.flat().length));
  }
  assert.deepEqual(seen, [['a1', 'a2'], [], ['b1'], ['a3'], ['c1'], ['b2'], []]);
});

test('who leaves, inside or waiting, holds nobody up', async () => {
  await using salestalk = await testSalestalk({ defects: ['tenant-turns'] });
  const { ollama } = salestalk;
  ollama.answer((_, n) => (n === 1 ? { hang: true } : { text: classificationText() }));
  const [stuck, impatient] = [new AbortController(), new AbortController()];
  const inside = ask(salestalk, one, 'stuck', stuck.signal);
  await until(() => ollama.calls.length === 1);
  const waiting = ask(salestalk, other, 'impatient', impatient.signal);
  const next = ask(salestalk, third, 'next');
  impatient.abort();
  await assert.rejects(waiting);
  assert.equal(ollama.calls.length, 1);
  stuck.abort();
  await assert.rejects(inside);
  assert.equal(await next, 200);
  assert.match(ollama.calls.at(-1)?.prompt ?? '', /next/);
});
