import { setTimeout as sleep } from 'node:timers/promises';

export type OpenLoopOptions<T> = {
  /** What to send, with intended start times in ms from now, rising; read as it goes: the next is asked for once one is sent or passed over. */
  schedule: Iterable<{ dueMs: number; item: T }>;
  /** Sends one item; `lateMs` is how much later than intended that happens, less than 0 where it is before. Must not reject. */
  send: (item: T, lateMs: number) => Promise<void>;
  /** Asked when an item is next; what is not wanted is passed over, and its time with it once nothing at all is wanted. */
  isWanted?: (item: T) => boolean;
  /** Stop sending; what is under way is waited for. */
  signal?: AbortSignal;
};

/**
 * All items are aimed so much short, and a timer counts whole milliseconds: they leave up to 3 ms early, with the gaps that they are to
 * have, and the timer's own lateness is not taken for the target's.
 */
const AIMED_SHORT_MS = 1;

/**
 * An open workload model: items are sent when they are due, however many answers are still out, so that a slow system under test
 * cannot slow down what it is asked. Nothing is left out: what comes late is sent late, and its lateness is handed over.
 */
export async function openLoop<T>(options: OpenLoopOptions<T>): Promise<void> {
  const { schedule, send, isWanted = () => true, signal } = options;
  const startMs = performance.now();
  const underWay = new Set<Promise<void>>();
  for (const { dueMs, item } of schedule) {
    if (!isWanted(item)) continue;
    const waitMs = startMs + dueMs - performance.now() - AIMED_SHORT_MS;
    if (waitMs >= 1) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted) break;
    const lateMs = performance.now() - startMs - dueMs;
    const sent = send(item, lateMs).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
}
