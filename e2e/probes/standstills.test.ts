import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchStandstills } from './standstills.ts';

/** Keeps this thread busy. */
function block(ms: number): { fromMs: number; untilMs: number } {
  const startMs = performance.now();
  while (performance.now() - startMs < ms);
  const fromMs = performance.timeOrigin + startMs;
  return { fromMs, untilMs: performance.timeOrigin + performance.now() };
}

test('a standstill is seen, when it was and about how long; one at the very end too', async () => {
  const end = watchStandstills();
  await sleep(100);
  const first = block(400);
  await sleep(100);
  const last = block(300);
  const seen = end();
  for (const { fromMs, untilMs } of [first, last]) {
    // Another may have come just before, on a busy machine.
    const it = seen.find((one) => one.fromMs < untilMs && one.fromMs + one.durationMs > fromMs);
    assert.ok(it !== undefined, JSON.stringify({ seen, first, last }));
    assert.ok(it.fromMs + it.durationMs >= untilMs - 30);
    assert.ok(it.durationMs >= untilMs - fromMs - 60, `${it.durationMs}`);
  }
});

test('of very many the longest are told, in order', (t) => {
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  t.mock.timers.enable({ apis: ['setInterval'] });
  const end = watchStandstills();
  for (let at = 0; at < 3000; at++) {
    nowMs += 100 + at;
    t.mock.timers.tick(25);
  }
  const seen = end();
  const durations = seen.map(({ durationMs }) => durationMs);
  assert.deepEqual([seen.length, Math.min(...durations)], [1000, 2075]);
  assert.deepEqual(
    durations,
    durations.toSorted((a, b) => a - b),
  );
});
