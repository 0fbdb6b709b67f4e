import { setTimeout as sleep } from 'node:timers/promises';

type ScheduleOptions<T> = {
  /** Items with intended start times in ms from now, rising; the next is read when one is sent or skipped. */
  schedule: Iterable<{ dueMs: number; item: T }>;
  /** Sends one item; `lateMs` is negative for one that is sent early. The first rejection stops the sending. */
  send: (item: T, lateMs: number) => Promise<void>;
  /** Called for the next item; an unwanted one is skipped without waiting for its time. */
  isWanted?: (item: T) => boolean;
  /** Stops sending; items under way may end. */
  signal?: AbortSignal;
};

/**
 * Timers count whole milliseconds. Items aim this early, and leave up to 3 ms early with correct gaps, so that a late timer does not
 * count as a slow target.
 */
const AIM_EARLY_MS = 1;

/**
 * Sends items when they are due, however many answers are pending. No item is left out: late items are sent with their lateness.
 * @throws what `send` threw first, once the items under way have ended
 */
export async function sendOnSchedule<T>({
  schedule,
  send,
  isWanted = () => true,
  signal = new AbortController().signal,
}: ScheduleOptions<T>): Promise<void> {
  const startMs = performance.now();
  const failed = new AbortController();
  const stop = AbortSignal.any([failed.signal, signal]);
  const underWay = new Set<Promise<void>>();
  for (const { dueMs, item } of schedule) {
    if (!isWanted(item)) continue;
    const waitMs = startMs + dueMs - performance.now() - AIM_EARLY_MS;
    if (waitMs >= 1) await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) break;
    const lateMs = performance.now() - startMs - dueMs;
    const sent = send(item, lateMs)
      .catch((error: unknown) => failed.abort(error))
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
  failed.signal.throwIfAborted();
}
