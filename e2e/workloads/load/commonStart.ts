import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../../core/harnessError.ts';

/** For the first readings of processes and memory, and to set the behaviour of the model. */
const PREPARATION_MS = 3_000;
/** A later shard would send at other times than the schedule of all shards says. */
const MOST_LATE_MS = 500;

/** Waits until it is time to prepare a load that begins at a common moment, in ms since the epoch by the clock of this machine. */
export async function waitForPreparation(startAtMs: number): Promise<void> {
  refuseMissed(startAtMs);
  await waitUntil(startAtMs - PREPARATION_MS);
}

/** Waits for the common moment itself. @throws HarnessError SHARD_INVALID if it has passed */
export async function waitForStart(startAtMs: number): Promise<void> {
  await waitUntil(startAtMs);
  refuseMissed(startAtMs);
}

/** In steps, since the clock may be set meanwhile. */
async function waitUntil(atMs: number): Promise<void> {
  for (let leftMs = atMs - Date.now(); leftMs > 0; leftMs = atMs - Date.now()) {
    await sleep(Math.min(leftMs, 1_000));
  }
}

function refuseMissed(startAtMs: number): void {
  const lateMs = Date.now() - startAtMs;
  if (lateMs <= MOST_LATE_MS) return;
  throw new HarnessError({
    code: 'SHARD_INVALID',
    summary: 'The shards have begun without this one, which offers nothing.',
    file: '--start-at',
    found: `${new Date(startAtMs).toISOString()}, ${(lateMs / 1000).toFixed(1)} s ago`,
    expected: 'a moment that leaves every machine the time to set up',
    remedy: 'Start all shards again, with a later --start-at.',
  });
}
