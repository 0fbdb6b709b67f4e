import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOutcome, LoadSample } from './loadSample.ts';

export type ClosedModelOptions = {
  /** So many virtual users, each of whom has one request out at most. */
  users: number;
  /** Time that a user takes after the answer to the request of this number, before the next. */
  thinkMs: (index: number) => number;
  /** Nothing is begun later than this. */
  durationMs: number;
  /** Sends the request of this number. Must not reject. */
  send: (index: number) => Promise<LoadOutcome>;
  onEnd: (sample: LoadSample) => void;
  signal?: AbortSignal;
};

/**
 * A closed workload model: a fixed number of virtual users, each of whom asks, waits for the answer, thinks, and asks again. A slow system
 * is asked less often by it, so that its latencies say nothing of callers who do not wait for one another (coordinated omission): that
 * takes the open model.
 */
export async function closedModel(options: ClosedModelOptions): Promise<void> {
  const { users, thinkMs, durationMs, send, onEnd, signal } = options;
  const startMs = performance.now();
  let index = 0;
  const elapsedMs = (): number => performance.now() - startMs;
  const act = async (): Promise<void> => {
    while (elapsedMs() < durationMs && signal?.aborted !== true) {
      const mine = index++;
      const dueMs = elapsedMs();
      // It was to leave the moment that its user was ready.
      const { heldMs: lateMs, ...outcome } = await send(mine);
      onEnd({ index: mine, dueMs, lateMs, ...outcome });
      const pauseMs = thinkMs(mine);
      // Nothing comes after a pause that outlasts the rest.
      if (pauseMs > durationMs - elapsedMs()) return;
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: users }, act));
}
