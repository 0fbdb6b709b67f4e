import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOutcome, LoadSample } from './loadSample.ts';

type OpenModelOptions = {
  /** Intended starts in ms from now, rising; read one by one. */
  arrivals: Iterable<number>;
  /** Sends the request with this index. Must not reject. */
  send: (index: number) => Promise<LoadOutcome>;
  /** At this limit a due request is not sent, and reported so: both machines have limited room. */
  mostInFlight: number;
  /** Called for each request when it has ended or was not sent. */
  onEnd: (sample: LoadSample) => void;
  /** Stops sending; requests under way may end. */
  signal?: AbortSignal;
};

/** Runs an open workload model with a limit of requests in flight: each due request is reported, sent or never sent. */
export async function runOpenModel(options: OpenModelOptions): Promise<void> {
  const { arrivals, send, mostInFlight, onEnd, signal } = options;
  let inFlight = 0;
  await runOpenLoop({
    schedule: numbered(arrivals),
    send: async ({ index, dueMs }, lateMs) => {
      if (inFlight >= mostInFlight) {
        const failure = `never sent: ${mostInFlight} answers were out`;
        onEnd({ index, dueMs, lateMs: null, serviceMs: null, failure, connectionReused: null });
        return;
      }
      inFlight++;
      const { heldMs, ...outcome } = await send(index);
      inFlight--;
      onEnd({ index, dueMs, lateMs: Math.max(lateMs + heldMs, 0), ...outcome });
    },
    ...(signal === undefined ? {} : { signal }),
  });
}

function* numbered(arrivals: Iterable<number>) {
  let index = 0;
  for (const dueMs of arrivals) yield { dueMs, item: { index: index++, dueMs } };
}

type OpenLoopOptions<T> = {
  /** Items with intended start times in ms from now, rising; the next is read when one is sent or skipped. */
  schedule: Iterable<{ dueMs: number; item: T }>;
  /** Sends one item; `lateMs` is negative if that is before its time. Must not reject. */
  send: (item: T, lateMs: number) => Promise<void>;
  /** Called when an item is next; an unwanted item is skipped without waiting for its time. */
  isWanted?: (item: T) => boolean;
  /** Stops sending; items under way may end. */
  signal?: AbortSignal;
};

/**
 * Timers count whole milliseconds, so items aim this much early and leave up to 3 ms early, with correct gaps: the timer's lateness
 * does not count as the target's.
 */
const AIM_EARLY_MS = 1;

/**
 * Runs an open workload model: items are sent when they are due, however many answers are pending, so that a slow target does not slow
 * down its load. No item is left out: late items are sent with their lateness.
 */
export async function runOpenLoop<T>(options: OpenLoopOptions<T>): Promise<void> {
  const { schedule, send, isWanted = () => true, signal } = options;
  const startMs = performance.now();
  const underWay = new Set<Promise<void>>();
  for (const { dueMs, item } of schedule) {
    if (!isWanted(item)) continue;
    const waitMs = startMs + dueMs - performance.now() - AIM_EARLY_MS;
    if (waitMs >= 1) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted) break;
    const lateMs = performance.now() - startMs - dueMs;
    const sent = send(item, lateMs).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
}
