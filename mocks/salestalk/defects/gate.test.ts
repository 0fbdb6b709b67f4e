import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ManualClock } from '../testing/manualClock.ts';
import { createGate, createOwnerLock, type Gate } from './gate.ts';

const { signal } = new AbortController();

/** Enters a gate, and logs which requests have entered or given up. */
function logEntries(gate: Gate<string>) {
  const log: string[] = [];
  const enter = (owner: string, caller = signal): Promise<() => void> => {
    const entered = gate.enter(owner, caller);
    entered.then(
      () => log.push(owner),
      () => log.push(`${owner} gone`),
    );
    return entered;
  };
  return { log, enter };
}

const createGateForTwo = () => createGate<string>((_, inside) => inside.size < 2);

test('a request that gives up, before or while it waits at a gate, takes no place', async () => {
  const { log, enter } = logEntries(createGateForTwo());
  const [leave] = await Promise.all([enter('a'), enter('b')]);
  await assert.rejects(enter('late', AbortSignal.abort()));
  const caller = new AbortController();
  const c = enter('c', caller.signal);
  const d = enter('d');
  caller.abort(new Error('enough'));
  await assert.rejects(c, /enough/);
  leave();
  await d;
  assert.deepEqual(log, ['a', 'b', 'late gone', 'c gone', 'd']);
});

test('a request that gives up at a gate admits those that waited for it', async () => {
  const oneOwner = createGate<string>(
    (owner, inside, waiting) =>
      inside.size === 0 || [...inside, ...waiting].every((request) => request.owner === owner),
  );
  const { log, enter } = logEntries(oneOwner);
  const caller = new AbortController();
  await enter('a');
  const b = enter('b', caller.signal);
  const again = enter('a');
  await setImmediate();
  assert.deepEqual(log, ['a']);
  caller.abort();
  await assert.rejects(b);
  await again;
});

test('a request that has waited long enough passes without the lock', async () => {
  const clock = new ManualClock();
  const { log, enter } = logEntries(createOwnerLock(clock, 3_000));
  const leave = await enter('a');
  const pass = await clock.runUntil(enter('b'));
  assert.equal(clock.monotonicMs(), 3_000);
  pass();
  const c = enter('c');
  await setImmediate();
  assert.deepEqual(log, ['a', 'b']);
  leave();
  await c;
});
