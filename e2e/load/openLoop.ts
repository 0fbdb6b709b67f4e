import { setTimeout as sleep } from 'node:timers/promises';

export type OpenLoopOptions<T> = {
  /** What to send, with intended start times in ms from now, rising. */
  schedule: readonly { dueMs: number; item: T }[];
  /** Sends one item; `lateMs` is how much later than intended that happens. Must not reject. */
  send: (item: T, lateMs: number) => Promise<void>;
  /** Stop sending; what is under way is waited for. */
  signal?: AbortSignal;
};

/**
 * An open workload model: items are sent when they are due, however many answers are still out, so that a slow system under test
 * cannot slow down what it is asked. Nothing is left out: what comes late is sent late, and its lateness is handed over.
 */
export async function openLoop<T>({ schedule, send, signal }: OpenLoopOptions<T>): Promise<void> {
  const startMs = performance.now();
  const underWay = new Set<Promise<void>>();
  for (const { dueMs, item } of schedule) {
    const waitMs = startMs + dueMs - performance.now();
    if (waitMs >= 1) await sleep(waitMs);
    if (signal?.aborted) break;
    const lateMs = Math.max(performance.now() - startMs - dueMs, 0);
    const sent = send(item, lateMs).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
}
