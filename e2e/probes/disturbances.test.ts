import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Disturbance, watchDisturbances } from './disturbances.ts';

/** Keeps this thread busy. */
function block(ms: number): { fromMs: number; untilMs: number } {
  const startMs = performance.now();
  while (performance.now() - startMs < ms);
  const fromMs = performance.timeOrigin + startMs;
  return { fromMs, untilMs: performance.timeOrigin + performance.now() };
}

test('a stall is told once it is over, when it was and about how long; one at the very end too', async () => {
  const seen: Disturbance[] = [];
  const watch = watchDisturbances((one) => void (one.cause === 'stall' && seen.push(one)));
  await sleep(100);
  const first = block(400);
  await sleep(100);
  const soFar = seen.length;
  const last = block(300);
  watch.check();
  const checked = seen.length;
  watch.end();
  assert.ok(soFar >= 1, 'the first is told while the watch goes on');
  assert.ok(checked > soFar, 'the second is told as soon as somebody asks');
  for (const { fromMs, untilMs } of [first, last]) {
    // Another may have come just before, on a busy machine.
    const it = seen.find((one) => one.fromMs < untilMs && one.fromMs + one.durationMs > fromMs);
    assert.ok(it !== undefined, JSON.stringify({ seen, first, last }));
    assert.ok(it.fromMs + it.durationMs >= untilMs - 30);
    assert.ok(it.durationMs >= untilMs - fromMs - 60, `${it.durationMs}`);
    assert.ok(it.stolenMs === null || it.stolenMs <= it.durationMs);
  }
});

test('CPU time that was stolen is told of a stall, and by itself where it was much', (t) => {
  let nowMs = 0;
  let ticks = { total: 0, stolen: 0 };
  t.mock.method(performance, 'now', () => nowMs);
  t.mock.timers.enable({ apis: ['setInterval'] });
  const seen: Disturbance[] = [];
  const watch = watchDisturbances(
    (one) => void seen.push(one),
    () => ticks,
  );
  /** Two cores, of whose time this much is stolen. */
  const pass = (ms: number, stolenMs: number, inSteps: number) => {
    ticks = { total: ticks.total + ms / 5, stolen: ticks.stolen + stolenMs / 10 };
    for (let step = 0; step < inSteps; step++) {
      nowMs += ms / inSteps;
      t.mock.timers.tick(25);
    }
  };
  pass(1000, 100, 40);
  assert.deepEqual(seen, []);
  pass(225, 60, 1);
  assert.deepEqual(
    seen.map(({ cause, durationMs, stolenMs }) => [cause, durationMs, stolenMs]),
    [['stall', 200, 60]],
  );
  pass(1000, 900, 40);
  assert.equal(seen.length, 1, 'under half of the CPU time');
  pass(1000, 1200, 40);
  assert.deepEqual(
    seen.slice(1).map(({ cause, durationMs, stolenMs }) => [cause, durationMs, stolenMs]),
    [['stolenCpu', 1000, 1000]],
  );
  watch.end();
});
