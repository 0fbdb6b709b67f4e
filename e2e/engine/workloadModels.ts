import { setTimeout as sleep } from 'node:timers/promises';
import { sendOnSchedule } from './sendOnSchedule.ts';

/** Result of one request, timed by its HTTP client. */
export type LoadOutcome = {
  /** How long the client held the request before writing it. */
  heldMs: number;
  /** From writing (or from the call if it waited for a connection) to the end of the exchange. */
  serviceMs: number;
  /** Why there is no good answer; null if there is one. */
  failure: string | null;
  /** Null if unknown. */
  connectionReused: boolean | null;
};

/** A request of a load. Its response time is `lateMs + serviceMs`: from the intended start, or from sending if a timer was early. */
export type LoadSample = Pick<LoadOutcome, 'failure' | 'connectionReused'> & {
  /** Order of the intended starts, from 0. */
  index: number;
  /** Intended start in ms from the start of the load. */
  dueMs: number;
  /** How late it was sent; null if never sent. */
  lateMs: number | null;
  /** Null if never sent. */
  serviceMs: number | null;
};

/** How a workload model sends and reports. */
export type LoadDriver<Outcome extends LoadOutcome = LoadOutcome> = {
  /** Sends the request with this index. The first rejection stops the sending. */
  send: (index: number) => Promise<Outcome>;
  /** Called for each request when it has ended or was not sent: then its outcome is null. */
  onEnd: (sample: LoadSample, outcome: Outcome | null) => void;
  /** Stops sending; requests in flight may end. */
  signal?: AbortSignal;
};

/**
 * Runs an open workload model: requests are sent when they are due, so that a slow target does not slow down its load. Each due request
 * is reported, sent or never sent.
 * @throws what `send` threw first, once the requests in flight have ended
 */
export async function runOpenModel<Outcome extends LoadOutcome>({
  arrivals,
  maxInFlight,
  send,
  onEnd,
  signal = new AbortController().signal,
}: LoadDriver<Outcome> & {
  /** Intended starts in ms from now, rising; read one by one. */
  arrivals: Iterable<number>;
  /** Above this, a due request is reported as never sent: both machines have limited room. */
  maxInFlight: number;
}): Promise<void> {
  let inFlight = 0;
  await sendOnSchedule({
    schedule: Iterator.from(arrivals).map((dueMs, index) => ({ dueMs, item: { index, dueMs } })),
    send: async ({ index, dueMs }, lateMs) => {
      if (inFlight >= maxInFlight) {
        const failure = `never sent: ${maxInFlight} answers were out`;
        const unsent = { lateMs: null, serviceMs: null, failure, connectionReused: null };
        onEnd({ index, dueMs, ...unsent }, null);
        return;
      }
      inFlight++;
      const outcome = await send(index).finally(() => inFlight--);
      onEnd(createSample({ index, dueMs, lateMs }, outcome), outcome);
    },
    signal,
  });
}

/**
 * Runs a closed workload model: a fixed number of virtual users who each send, wait for the answer, think and send again. A slow target
 * gets fewer requests, so its latencies suffer from coordinated omission, which the open model avoids.
 * @throws what `send` threw first, once the requests in flight have ended
 */
export async function runClosedModel<Outcome extends LoadOutcome>({
  users,
  thinkMs,
  durationMs,
  maxRequests = Number.POSITIVE_INFINITY,
  send,
  onEnd,
  signal = new AbortController().signal,
}: LoadDriver<Outcome> & {
  /** Virtual users; each has at most one request in flight. */
  users: number;
  /** Pause of a user after the answer to the request with this index. */
  thinkMs: (index: number) => number;
  /** No request starts after this. */
  durationMs: number;
  maxRequests?: number;
}): Promise<void> {
  const startMs = performance.now();
  const elapsedMs = (): number => performance.now() - startMs;
  const failed = new AbortController();
  const allSent = new AbortController();
  const stop = AbortSignal.any([failed.signal, allSent.signal, signal]);
  let nextIndex = 0;
  const runVirtualUser = async (): Promise<void> => {
    while (elapsedMs() < durationMs && nextIndex < maxRequests && !stop.aborted) {
      const index = nextIndex++;
      // No request follows the pauses that are left.
      if (nextIndex === maxRequests) allSent.abort();
      // Its intended start is when its user is ready.
      const dueMs = elapsedMs();
      const outcome = await send(index);
      onEnd(createSample({ index, dueMs, lateMs: 0 }, outcome), outcome);
      const pauseMs = thinkMs(index);
      // The pause would outlast the remaining time.
      if (pauseMs > durationMs - elapsedMs()) return;
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    }
  };
  await Promise.all(
    Array.from({ length: users }, () =>
      runVirtualUser().catch((error: unknown) => failed.abort(error)),
    ),
  );
  failed.signal.throwIfAborted();
}

function createSample(
  { lateMs, ...due }: { index: number; dueMs: number; lateMs: number },
  { heldMs, serviceMs, failure, connectionReused }: LoadOutcome,
): LoadSample {
  return { ...due, lateMs: Math.max(lateMs + heldMs, 0), serviceMs, failure, connectionReused };
}
