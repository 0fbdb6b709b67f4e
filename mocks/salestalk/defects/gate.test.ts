import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ManualClock } from '../testing/manualClock.ts';
import { createOwnerLock } from './gate.ts';

const { signal } = new AbortController();

test('a request that has waited long enough passes without the lock', async () => {
  const clock = new ManualClock();
  const lock = createOwnerLock(clock, 3_000);
  const leave = await lock.enter('a', signal);
  const pass = await clock.runUntil(lock.enter('b', signal));
  assert.equal(clock.monotonicMs(), 3_000);
  pass();
  let hasEntered = false;
  const c = lock.enter('c', signal).then(() => {
    hasEntered = true;
  });
  await setImmediate();
  assert.equal(hasEntered, false);
  leave();
  await c;
});
