import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOutcome, LoadSample } from './loadSample.ts';

type OpenModelOptions = {
  /** Intended starts in ms from now, rising; read as it goes. */
  arrivals: Iterable<number>;
  /** Sends the request of this number. Must not reject. */
  send: (index: number) => Promise<LoadOutcome>;
  /** With so many answers out, what is due is not sent, and told as such: neither machine has room for ever more. */
  mostInFlight: number;
  /** Told of each request once it has ended, or was not sent. */
  onEnd: (sample: LoadSample) => void;
  /** Send no more; what is under way is waited for. */
  signal?: AbortSignal;
};

/**
 * An open workload model: requests leave when they are due, however many answers are out. Nothing is left out: what leaves late is told
 * with its lateness, and what finds no room is told as never sent.
 */
export async function openModel(options: OpenModelOptions): Promise<void> {
  const { arrivals, send, mostInFlight, onEnd, signal } = options;
  let inFlight = 0;
  await openLoop({
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
