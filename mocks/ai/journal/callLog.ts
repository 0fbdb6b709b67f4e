import { readRetryAfterMs } from '../faults/retryAfter.ts';
import { Histogram } from './histogram.ts';
import type { Journal } from './journal.ts';
import type { JournalEntry, OpenCall } from './journalEntry.ts';

/** Knows the calls that are open, and writes them into the journal when they end. */
export class CallLog {
  readonly lateness = new Histogram();
  readonly #journal: Journal;
  readonly #open = new Set<Call>();
  #received = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get calls(): number {
    return this.#received;
  }

  get inFlight(): number {
    return this.#open.size;
  }

  received(call: Call, received: ReceivedCall): void {
    call.received = received;
    this.#received += 1;
    this.#open.add(call);
    // Its client may have left while it was read.
    if (endOf(call) !== null) this.ended(call);
  }

  ended(call: Call): void {
    if (call.received === null) return;
    this.#open.delete(call);
    const lateMs = latenessMs(call, call.received);
    if (lateMs !== null) this.lateness.record(lateMs);
    if (call.received.scope !== null) this.#journal.append(entryOf(call, call.received));
  }

  /** The calls of a scope that have not ended, in order of their arrival. */
  openOf(scope: string): OpenCall[] {
    return [...this.#open].flatMap((call) =>
      call.received?.scope === scope ? [entryOf(call, call.received)] : [],
    );
  }
}

function entryOf(call: Call, received: ReceivedCall): OpenCall {
  const { received: _, retryAfter, ...times } = call;
  const endedAtMs = endOf(call);
  return {
    ...received,
    ...times,
    lateMs: latenessMs(call, received),
    retryAfterMs:
      retryAfter === null || endedAtMs === null ? null : readRetryAfterMs(retryAfter, endedAtMs),
  };
}

/** Milliseconds since the epoch. */
function endOf({ lastByteAtMs, brokenOffAtMs, abortedAtMs }: Call): number | null {
  return lastByteAtMs ?? brokenOffAtMs ?? abortedAtMs;
}

/** Of what the mock did at a time of its own choosing; when a client leaves or the listener closes, nothing was due. */
function latenessMs(call: Call, { plannedMs, fault }: ReceivedCall): number | null {
  const endedAtMs = call.lastByteAtMs ?? (fault === 'refuse' ? null : call.brokenOffAtMs);
  return endedAtMs === null ? null : endedAtMs - call.arrivedAtMs - plannedMs;
}

/** What the mock knows of a call once it has read it. */
type ReceivedCall = Pick<
  JournalEntry,
  | 'scope'
  | 'index'
  | 'provider'
  | 'kind'
  | 'matchedBy'
  | 'attempt'
  | 'streamed'
  | 'model'
  | 'plannedMs'
  | 'expired'
  | 'fault'
>;

/** One HTTP request from arrival to end. `received` stays `null` for requests that are no model calls. */
export type Call = Pick<
  JournalEntry,
  | 'arrivedAtMs'
  | 'firstByteAtMs'
  | 'lastByteAtMs'
  | 'abortedAtMs'
  | 'brokenOffAtMs'
  | 'status'
  | 'requestBytes'
  | 'responseBytes'
> & {
  received: ReceivedCall | null;
  /** The Retry-After header as it was sent. */
  retryAfter: string | null;
};

export function newCall(arrivedAtMs: number): Call {
  return {
    arrivedAtMs,
    firstByteAtMs: null,
    lastByteAtMs: null,
    abortedAtMs: null,
    brokenOffAtMs: null,
    status: null,
    requestBytes: 0,
    responseBytes: 0,
    received: null,
    retryAfter: null,
  };
}

// MSW hands a resolver the very request that it was given, and nothing else of ours.
const calls = new WeakMap<Request, Call>();

/** Ties a call to the request that MSW's handlers get. */
export function trackCall(request: Request, call: Call): void {
  calls.set(request, call);
}

/** The call that a handler answers. @throws TypeError for a request that did not come through the mock's server */
export function callOf(request: Request): Call {
  const call = calls.get(request);
  if (call === undefined)
    throw new TypeError('Failed to answer a request: it was not served over HTTP.');
  return call;
}
