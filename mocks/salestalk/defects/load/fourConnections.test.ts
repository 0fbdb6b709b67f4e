import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AiCall, AiProvider } from '../../api/ai/aiProvider.ts';
import type { Services } from '../../api/services.ts';
import { ManualClock } from '../../testing/manualClock.ts';
import { type ScriptedProvider, scriptedProvider } from '../../testing/scriptedProvider.ts';
import { plantDefects } from '../plantDefects.ts';

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

test('four calls at a time, whole or streamed', async () => {
  assert.deepEqual(
    await begunAtMs(['four-connections']),
    [0, 0, 0, 0, 100, 100, 100, 100, 200, 200],
  );
  assert.deepEqual(await begunAtMs([]), Array(10).fill(0));
});

test('a call that is given up, while it waits or while it runs, makes room', async () => {
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

test('a stream that nobody comes back to holds its connection no longer than its signal', async () => {
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
