import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import type { AiProvider } from '../api/ai/aiProvider.ts';
import type { Services } from '../api/services.ts';
import { createGarbageCollector } from '../startSalestalk.ts';
import { createIdleService } from '../testing/idleService.ts';
import { ManualClock } from '../testing/manualClock.ts';
import {
  aiCall,
  createScriptedProvider,
  type ScriptedProvider,
} from '../testing/scriptedProvider.ts';
import { testSalestalk } from '../testing/testSalestalk.ts';
import { plantDefects } from './plantDefects.ts';

/** How late a server listens. */
async function listenDelayMs(...defects: string[]): Promise<number> {
  const clock = new ManualClock();
  const environment = { clock, seed: 1, aiUrl: '', tenantIds: [] };
  const { beforeListening } = plantDefects(defects, {} as Services, environment);
  await clock.runUntil(beforeListening(createServer()));
  return clock.monotonicMs();
}

test('slow-start listens two seconds late', async () => {
  assert.equal(await listenDelayMs('slow-start'), 2_000);
  assert.equal(await listenDelayMs(), 0);
});

test('cold-connections makes the first request of each connection wait', async () => {
  const clock = new ManualClock();
  const app = createIdleService(['cold-connections'], clock);
  const waitMs = async (socket: object): Promise<number> => {
    const startMs = clock.monotonicMs();
    await clock.runUntil(Promise.resolve(app.request('/', {}, { incoming: { socket } })));
    return clock.monotonicMs() - startMs;
  };
  const [one, other] = [{}, {}];
  assert.deepEqual(
    [await waitMs(one), await waitMs(one), await waitMs(other), await waitMs(one)],
    [100, 0, 100, 0],
  );
});

test('cold-connections keeps no connection alive, the clean service does', async () => {
  const connection = async (...defects: string[]): Promise<string | null> => {
    await using salestalk = await testSalestalk({ defects });
    const answer = await salestalk.post('/classify', { question: 'What is Q3 revenue?' });
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
    return answer.headers.get('Connection');
  };
  assert.equal(await connection('cold-connections'), 'close');
  assert.notEqual(await connection(), 'close');
});

test('api-leak keeps 5 KB of each request', async () => {
  const collect = createGarbageCollector();
  const requests = 1_000;
  const leftBytes = async (...defects: string[]): Promise<number> => {
    const app = createIdleService(defects, new ManualClock());
    const ask = async (): Promise<void> => {
      for (let index = 0; index < requests; index += 1) await app.request('/');
    };
    await ask();
    collect();
    const before = process.memoryUsage().heapUsed;
    await ask();
    collect();
    return (process.memoryUsage().heapUsed - before) / requests;
  };
  const clean = await leftBytes();
  assert.ok(clean < 512, `${clean} bytes a request`);
  const leaked = await leftBytes('api-leak');
  assert.ok(Math.abs(leaked / 5_120 - 1) < 0.1, `${leaked} bytes a request`);
});

/** A provider under defects that takes 100 ms for each call on a manual clock, and the bare one that sees the calls. */
function slowProvider(defects: string[]): {
  clock: ManualClock;
  bare: ScriptedProvider;
  provider: AiProvider;
} {
  const clock = new ManualClock();
  const bare = createScriptedProvider(clock, () => ({
    afterMs: 60,
    chunks: ['a', 'b'],
    betweenMs: 20,
  }));
  // The defect changes no other service.
  const clean = { provider: bare } as unknown as Services;
  const environment = { clock, seed: 1, aiUrl: '', tenantIds: [] };
  return { clock, bare, provider: plantDefects(defects, clean, environment).services.provider };
}

async function callArrivalsMs(defects: string[]): Promise<number[]> {
  const { clock, bare, provider } = slowProvider(defects);
  const calls = Array.from({ length: 10 }, (_, n) =>
    n % 2 === 0 ? provider.complete(aiCall()) : Array.fromAsync(provider.stream(aiCall())),
  );
  await clock.runUntil(Promise.all(calls));
  return bare.calls.map(({ arrivedAtMs }) => arrivedAtMs);
}

test('four-connections lets four calls run at a time, whole or streamed', async () => {
  assert.deepEqual(
    await callArrivalsMs(['four-connections']),
    [0, 0, 0, 0, 100, 100, 100, 100, 200, 200],
  );
  assert.deepEqual(await callArrivalsMs([]), Array(10).fill(0));
});

test('four-connections: a call that is aborted, while it waits or runs, makes room', async () => {
  const { clock, bare, provider } = slowProvider(['four-connections']);
  const caller = new AbortController();
  const gone = [
    provider.complete(aiCall(caller.signal)),
    ...Array.from({ length: 4 }, () => provider.complete(aiCall())),
    provider.complete(aiCall(caller.signal)),
  ].filter((_, n) => n === 0 || n === 5);
  const next = provider.complete(aiCall());
  await clock.pass(10);
  caller.abort();
  for (const call of gone) await assert.rejects(call);
  await clock.runUntil(next);
  const arrivalsMs = bare.calls.map(({ arrivedAtMs }) => arrivedAtMs);
  assert.deepEqual(arrivalsMs, [0, 0, 0, 0, 10, 100]);
});

test('four-connections: an abort frees the connection of a stream that nothing reads any more', async () => {
  const { clock, bare, provider } = slowProvider(['four-connections']);
  const caller = new AbortController();
  const left = Array.from({ length: 4 }, () =>
    provider.stream(aiCall(caller.signal))[Symbol.asyncIterator](),
  );
  await clock.runUntil(Promise.all(left.map((chunks) => chunks.next())));
  const next = provider.complete(aiCall());
  await clock.pass(1_000);
  assert.equal(bare.calls.length, 4);
  caller.abort();
  await clock.runUntil(next);
  assert.equal(bare.calls.length, 5);
});
