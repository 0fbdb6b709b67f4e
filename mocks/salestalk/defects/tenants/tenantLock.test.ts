import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../testing/manualClock.ts';
import { tenantLock } from './tenantLock.ts';

const { signal } = new AbortController();
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function lockWithLog() {
  const log: string[] = [];
  const clock = new ManualClock();
  const lock = tenantLock(clock, 3_000);
  const enter = (tenantId: string, until = signal): Promise<() => void> => {
    const entered = lock.enter(tenantId, until);
    entered.then(
      () => log.push(tenantId),
      () => log.push(`${tenantId} gone`),
    );
    return entered;
  };
  return { log, clock, enter };
}

test('the holder enters again and again, the others when it has left for good', async () => {
  const { log, enter } = lockWithLog();
  const [first, second] = [await enter('a'), await enter('a')];
  const b = [enter('b'), enter('b')];
  const c = enter('c');
  first();
  first();
  await enter('a').then((leave) => leave());
  assert.deepEqual(log, ['a', 'a', 'a']);
  second();
  await turn();
  assert.deepEqual(log.slice(3), ['b', 'b']);
  for (const leave of await Promise.all(b)) leave();
  (await c)();
  assert.deepEqual(log.slice(3), ['b', 'b', 'c']);
});

test('who has waited long enough gets past, without holding the lock', async () => {
  const { log, clock, enter } = lockWithLog();
  const leave = await enter('a');
  const pass = await clock.runUntil(enter('b'));
  assert.equal(clock.monotonicMs(), 3_000);
  pass();
  const c = enter('c');
  await turn();
  assert.deepEqual(log, ['a', 'b']);
  leave();
  await c;
});

test('who goes away while waiting is not let in, and holds nobody up', async () => {
  const { log, enter } = lockWithLog();
  const leave = await enter('a');
  const caller = new AbortController();
  const b = enter('b', caller.signal);
  const c = enter('c');
  caller.abort();
  await assert.rejects(b);
  leave();
  await c;
  assert.deepEqual(log, ['a', 'b gone', 'c']);
});
