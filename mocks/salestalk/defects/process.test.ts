import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import type { AiCall, AiProvider } from '../api/ai/aiProvider.ts';
import type { Services } from '../api/services.ts';
import { collectGarbage } from '../startSalestalk.ts';
import { idleService } from '../testing/idleService.ts';
import { ManualClock } from '../testing/manualClock.ts';
import { type ScriptedProvider, scriptedProvider } from '../testing/scriptedProvider.ts';
import { testSalestalk } from '../testing/testSalestalk.ts';
import { plantDefects } from './plantDefects.ts';

/** How much later than it could a server listens, in its own time. */
async function startMs(...defects: string[]): Promise<number> {
  const clock = new ManualClock();
  const world = { clock, seed: 1, aiUrl: '', tenantIds: [] };
  const { beforeListening } = plantDefects(defects, {} as Services, world);
  await clock.runUntil(beforeListening(createServer()));
  return clock.monotonicMs();
}

test('slow-start listens two seconds late', async () => {
  assert.equal(await startMs('slow-start'), 2_000);
  assert.equal(await startMs(), 0);
});

test('cold-connections makes the first request of each connection wait', async () => {
  const clock = new ManualClock();
  const app = idleService(['cold-connections'], clock);
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
  const collect = collectGarbage();
  const requests = 1_000;
  const leftBytes = async (...defects: string[]): Promise<number> => {
    const app = idleService(defects, new ManualClock());
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

const forever = new AbortController().signal;

const callOf = (signal = forever): AiCall => ({
  kind: 'narrative',
  prompt: 'p',
  temperature: 0,
  traceparent: null,
  signal,
});

/** A provider under defects that takes 100 ms for each call, in time that is moved by hand, and the bare one that sees the calls. */
function slowProvider(defects: string[]): {
  clock: ManualClock;
  bare: ScriptedProvider;
  provider: AiProvider;
} {
  const clock = new ManualClock();
  const bare = scriptedProvider(clock, () => ({ afterMs: 60, chunks: ['a', 'b'], betweenMs: 20 }));
  // Of the services the defect changes this alone.
  const clean = { provider: bare } as unknown as Services;
  const world = { clock, seed: 1, aiUrl: '', tenantIds: [] };
  return { clock, bare, provider: plantDefects(defects, clean, world).services.provider };
}

async function begunAtMs(defects: string[]): Promise<number[]> {
  const { clock, bare, provider } = slowProvider(defects);
  const calls = Array.from({ length: 10 }, (_, n) =>
    n % 2 === 0 ? provider.complete(callOf()) : Array.fromAsync(provider.stream(callOf())),
  );
  await clock.runUntil(Promise.all(calls));
  return bare.callsAtMs;
}

test('four-connections: four calls at a time, whole or streamed', async () => {
  assert.deepEqual(
    await begunAtMs(['four-connections']),
    [0, 0, 0, 0, 100, 100, 100, 100, 200, 200],
  );
  assert.deepEqual(await begunAtMs([]), Array(10).fill(0));
});

test('four-connections: a call that is aborted, while it waits or runs, makes room', async () => {
  const { clock, bare, provider } = slowProvider(['four-connections']);
  const caller = new AbortController();
  const gone = [
    provider.complete(callOf(caller.signal)),
    ...Array.from({ length: 4 }, () => provider.complete(callOf())),
    provider.complete(callOf(caller.signal)),
  ].filter((_, n) => n === 0 || n === 5);
  const next = provider.complete(callOf());
  await clock.pass(10);
  caller.abort();
  for (const call of gone) await assert.rejects(call);
  await clock.runUntil(next);
  assert.deepEqual(bare.callsAtMs, [0, 0, 0, 0, 10, 100]);
});

test('four-connections: a stream that is not read on holds its connection no longer than its signal', async () => {
  const { clock, bare, provider } = slowProvider(['four-connections']);
  const caller = new AbortController();
  const left = Array.from({ length: 4 }, () =>
    provider.stream(callOf(caller.signal))[Symbol.asyncIterator](),
  );
  await clock.runUntil(Promise.all(left.map((chunks) => chunks.next())));
  const next = provider.complete(callOf());
  await clock.pass(1_000);
  assert.equal(bare.calls.length, 4);
  caller.abort();
  await clock.runUntil(next);
  assert.equal(bare.calls.length, 5);
});
