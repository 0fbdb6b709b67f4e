import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochMs, sleepUntil } from './clock.ts';

const never = new AbortController().signal;

test('waits for a deadline, whatever its fraction', async () => {
  for (const waitMs of [1, 7.3, 20.9]) {
    const deadlineMs = epochMs() + waitMs;
    assert.equal(await sleepUntil(deadlineMs, never), 'due');
    const earlyMs = deadlineMs - epochMs();
    assert.ok(earlyMs < 0.5, `${earlyMs} ms early`);
  }
});

test('a deadline in the past is due at once: no timer runs first', async () => {
  const order: string[] = [];
  setTimeout(() => order.push('timer'), 0);
  await sleepUntil(epochMs() - 1000, never);
  order.push('due');
  assert.deepEqual(order, ['due']);
});

test('deadlines are met in their order', async () => {
  const startMs = epochMs();
  const order: number[] = [];
  await Promise.all(
    [30, 10, 20].map(async (waitMs) => {
      await sleepUntil(startMs + waitMs, never);
      order.push(waitMs);
    }),
  );
  assert.deepEqual(order, [10, 20, 30]);
});

test('what is never due waits for the abort, and does not keep looking', async (context) => {
  const abort = new AbortController();
  context.after(() => abort.abort());
  const looks = context.mock.method(performance, 'now');
  const slept = sleepUntil(Number.POSITIVE_INFINITY, abort.signal);
  const tooLong = sleepUntil(epochMs() + 1e12, abort.signal);
  const waited = new Promise((resolve) => setTimeout(() => resolve('still waiting'), 20));
  assert.equal(await Promise.race([slept, tooLong, waited]), 'still waiting');
  assert.ok(looks.mock.callCount() < 10, `looked ${looks.mock.callCount()} times`);
  abort.abort();
  assert.deepEqual(await Promise.all([slept, tooLong]), ['aborted', 'aborted']);
});

test('an abort ends the wait, and one before it prevents it', async () => {
  const abort = new AbortController();
  const slept = sleepUntil(epochMs() + 3_600_000, abort.signal);
  abort.abort();
  assert.equal(await slept, 'aborted');
  assert.equal(await sleepUntil(epochMs() - 1, abort.signal), 'aborted');
});
