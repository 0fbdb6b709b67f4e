import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOutcome, LoadSample } from './loadSample.ts';

export type ClosedModelOptions = {
  /** Virtual users; each has at most one request in flight. */
  users: number;
  /** Pause of a user after the answer to the request with this index. */
  thinkMs: (index: number) => number;
  /** No request starts after this. */
  durationMs: number;
  /** Sends the request with this index. Must not reject. */
  send: (index: number) => Promise<LoadOutcome>;
  onEnd: (sample: LoadSample) => void;
  signal?: AbortSignal;
};

/**
 * Runs a closed workload model: a fixed number of virtual users who each send, wait for the answer, think and send again. A slow target
 * gets fewer requests, so latencies suffer from coordinated omission; the open model avoids that.
 */
export async function runClosedModel(options: ClosedModelOptions): Promise<void> {
  const { users, thinkMs, durationMs, send, onEnd, signal } = options;
  const startMs = performance.now();
  let index = 0;
  const elapsedMs = (): number => performance.now() - startMs;
  const runVirtualUser = async (): Promise<void> => {
    while (elapsedMs() < durationMs && signal?.aborted !== true) {
      const current = index++;
      const dueMs = elapsedMs();
      // Its intended start is when its user is ready.
      const { heldMs: lateMs, ...outcome } = await send(current);
      onEnd({ index: current, dueMs, lateMs, ...outcome });
      const pauseMs = thinkMs(current);
      // The pause would outlast the remaining time.
      if (pauseMs > durationMs - elapsedMs()) return;
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: users }, runVirtualUser));
}
