import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idleService } from '../../testing/idleService.ts';
import { ManualClock } from '../../testing/manualClock.ts';

/** How long each of `count` requests, one after the other, is held back, in ms. */
async function heldBackMs(defects: string[], count: number): Promise<number[]> {
  const clock = new ManualClock();
  const service = idleService(defects, clock);
  const delaysMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const answer = await clock.runUntil(Promise.resolve(service.request('/')));
    delaysMs.push(await answer.json());
  }
  return delaysMs;
}

test('the nth request waits n times 0.05 ms', async () => {
  const delaysMs = await heldBackMs(['slowing'], 1_000);
  for (const [index, delayMs] of delaysMs.entries()) {
    // The clock's own sum of them all is no better than that.
    assert.ok(Math.abs(delayMs - (index + 1) * 0.05) < 1e-6, `${delayMs} at ${index}`);
  }
  assert.deepEqual(new Set(await heldBackMs([], 1_000)), new Set([0]));
});
