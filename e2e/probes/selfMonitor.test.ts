import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Disturbance,
  parseCpuTicks,
  readCpuTicks,
  startSelfMonitor,
  stolenShare,
  watchDisturbances,
} from './selfMonitor.ts';

const onDeno = process.versions.deno !== undefined;

/** Keeps this thread busy. */
function block(ms: number): { fromMs: number; untilMs: number } {
  const startMs = performance.now();
  while (performance.now() - startMs < ms);
  const fromMs = performance.timeOrigin + startMs;
  return { fromMs, untilMs: performance.timeOrigin + performance.now() };
}

test('sees its own work, and a stall of its event loop', async () => {
  const monitor = startSelfMonitor();
  await sleep(30);
  block(120);
  await sleep(30);
  const { durationMs, cpuShare, stolenShare, eventLoopDelayP99Ms, stallMs, ownStallMs } =
    monitor.end();
  assert.ok(durationMs >= 120);
  assert.ok(stallMs >= 30);
  assert.ok(ownStallMs === null || (ownStallMs >= 0 && ownStallMs <= stallMs));
  assert.ok(cpuShare !== null && cpuShare > 0);
  assert.ok(stolenShare === null || (stolenShare >= 0 && stolenShare <= 1));
  if (onDeno) assert.equal(eventLoopDelayP99Ms, null);
  else assert.ok((eventLoopDelayP99Ms as number) > 40, `${eventLoopDelayP99Ms}`);
});

test('an event-loop delay that was never sampled is unknown, not 0', () => {
  assert.equal(startSelfMonitor().end().eventLoopDelayP99Ms, null);
});

test('a stall is reported after its end, with its time and length, even at the end of the watch', async () => {
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
  assert.ok(soFar >= 1, 'the first is reported during the watch');
  assert.ok(checked > soFar, 'the second is reported by `check`');
  for (const { fromMs, untilMs } of [first, last]) {
    // Another may have come just before, on a busy machine.
    const it = seen.find((one) => one.fromMs < untilMs && one.fromMs + one.durationMs > fromMs);
    assert.ok(it !== undefined, JSON.stringify({ seen, first, last }));
    assert.ok(it.fromMs + it.durationMs >= untilMs - 30);
    assert.ok(it.durationMs >= untilMs - fromMs - 60, `${it.durationMs}`);
    assert.ok(it.stolenMs === null || it.stolenMs <= it.durationMs);
  }
});

test('stolen CPU time is reported with a stall, and by itself from half of the CPU time on', (t) => {
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

const PROC_STAT = `cpu  1000 20 300 4000 50 6 7 80 90 0
cpu0 500 10 150 2000 25 3 4 40 45 0
intr 12345
ctxt 6789
`;

test('the eighth figure of the first line is stolen time; user time contains guest time', () => {
  const total = 1000 + 20 + 300 + 4000 + 50 + 6 + 7 + 80;
  assert.deepEqual(parseCpuTicks(PROC_STAT), { total, stolen: 80 });
});

test('stolen time is unknown without its figure, or in another text', () => {
  for (const text of ['', 'cpu', 'cpu  1 2 3 4', 'cpu  1 2 3 4 5 6 7 many', 'cpu0 1 2 3 4 5 6 7 8'])
    assert.equal(parseCpuTicks(text), null, text);
});

test('the stolen share is that of the time between two readings', () => {
  assert.equal(stolenShare({ total: 1000, stolen: 10 }, { total: 1200, stolen: 60 }), 0.25);
  assert.equal(stolenShare({ total: 1000, stolen: 10 }, { total: 1200, stolen: 10 }), 0);
});

test('without two readings that move on, the stolen share is unknown', () => {
  const reading = { total: 1000, stolen: 10 };
  assert.equal(stolenShare(null, reading), null);
  assert.equal(stolenShare(reading, null), null);
  assert.equal(stolenShare(reading, reading), null);
  assert.equal(stolenShare(reading, { total: 900, stolen: 20 }), null);
  assert.equal(stolenShare(reading, { total: 1100, stolen: 9 }), null);
});

test('reads the CPU time of a Linux machine, and null elsewhere', () => {
  const ticks = readCpuTicks();
  assert.equal(ticks !== null, process.platform === 'linux');
  if (ticks !== null) assert.ok(ticks.total > ticks.stolen && ticks.stolen >= 0);
});
