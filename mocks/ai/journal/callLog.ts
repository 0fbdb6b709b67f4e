import { readRetryAfterMs } from '../faults/faults.ts';
import type { Call, OpenCall, ReceivedCall } from './call.ts';
import { Histogram } from './histogram.ts';
import type { Journal } from './journal.ts';

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
