import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSelfMonitor } from './selfMonitor.ts';

const onDeno = process.versions.deno !== undefined;

function stall(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}

test('sees its own work, and a stall of its event loop', async () => {
  const monitor = startSelfMonitor();
  await sleep(30);
  stall(120);
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

test('what was never sampled is unknown, not 0', () => {
  assert.equal(startSelfMonitor().end().eventLoopDelayP99Ms, null);
});
