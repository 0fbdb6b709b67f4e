import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idleService } from '../../testing/idleService.ts';
import { ManualClock } from '../../testing/manualClock.ts';

/** How long requests that arrive at these moments are held back, in ms. */
async function heldBackMs(defects: string[], arrivalsMs: number[]): Promise<number[]> {
  const clock = new ManualClock();
  // A service knows no other start than its own.
  await clock.pass(777);
  const service = idleService(defects, clock);
  const answers: Promise<Response>[] = [];
  for (const atMs of arrivalsMs) {
    await clock.pass(777 + atMs - clock.monotonicMs());
    answers.push(Promise.resolve(service.request('/')));
  }
  const ended = await clock.runUntil(Promise.all(answers));
  return Promise.all(ended.map((answer) => answer.json()));
}

test('what arrives in the 3 s of a stall waits for its end, and nothing else does', async () => {
  const arrivalsMs = [0, 19_999, 20_000, 21_500, 22_999, 23_000, 39_999, 40_000, 61_000, 63_000];
  assert.deepEqual(
    await heldBackMs(['stall'], arrivalsMs),
    [0, 0, 3_000, 1_500, 1, 0, 0, 3_000, 2_000, 0],
  );
  assert.deepEqual(await heldBackMs([], arrivalsMs), Array(10).fill(0));
});

test('what is inside when a stall begins goes on', async () => {
  const defects = ['stall', 'slow-median'];
  assert.deepEqual(await heldBackMs(defects, [19_500, 20_500]), [1_100, 2_500 + 1_100]);
});

test('who leaves during a stall is not waited for', async () => {
  const clock = new ManualClock();
  const service = idleService(['stall'], clock);
  await clock.pass(20_000);
  const caller = new AbortController();
  const answer = Promise.resolve(service.request('/', { signal: caller.signal }));
  caller.abort();
  assert.equal((await clock.runUntil(answer)).status, 499);
  assert.equal(clock.monotonicMs(), 20_000);
});
