import { readRetryAfterMs } from '../faults/faults.ts';
import type { Call, OpenCall, ReceivedCall } from './call.ts';
import { Histogram } from './histogram.ts';
import type { Journal } from './journal.ts';

/** Keeps the open calls, and writes each into the journal when it ends. */
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
    // The client may have left while its request was read.
    if (findEndMs(call) !== null) this.ended(call);
  }

  ended(call: Call): void {
    if (call.received === null) return;
    this.#open.delete(call);
    const lateMs = latenessMs(call, call.received);
    if (lateMs !== null) this.lateness.record(lateMs);
    if (call.received.scope !== null) this.#journal.append(buildEntry(call, call.received));
  }

  /** The calls of a scope that have not ended, in order of their arrival. */
  openCalls(scope: string): OpenCall[] {
    return [...this.#open].flatMap((call) =>
      call.received?.scope === scope ? [buildEntry(call, call.received)] : [],
    );
  }
}

function buildEntry(call: Call, received: ReceivedCall): OpenCall {
  const { received: _, retryAfter, ...times } = call;
  const endedAtMs = findEndMs(call);
  return {
    ...received,
    ...times,
    lateMs: latenessMs(call, received),
    retryAfterMs:
      retryAfter === null || endedAtMs === null ? null : readRetryAfterMs(retryAfter, endedAtMs),
  };
}

/** Milliseconds since the epoch; `null` while the call is open. */
function findEndMs({ lastByteAtMs, brokenOffAtMs, abortedAtMs }: Call): number | null {
  return lastByteAtMs ?? brokenOffAtMs ?? abortedAtMs;
}

/** `null` where nothing was due: the client left, or the listener closed. */
function latenessMs(call: Call, { plannedMs, fault }: ReceivedCall): number | null {
  const endedAtMs = call.lastByteAtMs ?? (fault === 'refuse' ? null : call.brokenOffAtMs);
  return endedAtMs === null ? null : endedAtMs - call.arrivedAtMs - plannedMs;
}
