import { setTimeout as sleep } from 'node:timers/promises';

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

/** Seldom enough to disturb nothing, often enough to stop soon. */
const CHECK_EVERY_MS = 1_000;

/**
 * Offers requests until all are offered or a check, made every second, says that they are enough. Requests in flight are waited for, and
 * the checks go on meanwhile.
 * @param offer stops when its signal aborts, and resolves once nothing is in flight
 * @throws what `offer` or else `isEnough` threw, once both have ended
 */
export async function offerUntilEnough(
  offer: (signal: AbortSignal) => Promise<void>,
  isEnough: () => Promise<boolean>,
): Promise<void> {
  const enough = new AbortController();
  const ended = new AbortController();
  const check = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await sleep(CHECK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      if (await isEnough()) enough.abort();
    }
  };
  await allOrFirstFailure([
    offer(enough.signal).finally(() => ended.abort()),
    check().finally(() => enough.abort()),
  ]);
}

/** Waits until all have ended, then throws what the first failed one in the list threw. */
export async function allOrFirstFailure(work: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(work);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
