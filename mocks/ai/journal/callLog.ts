import type { Call, ReceivedCall } from './call.ts';
import { Histogram } from './histogram.ts';
import type { Journal } from './journal.ts';

/** Counts the calls and writes them into the journal when they end. */
export class CallLog {
  readonly lateness = new Histogram();
  readonly #journal: Journal;
  #received = 0;
  #ended = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get calls(): number {
    return this.#received;
  }

  get inFlight(): number {
    return this.#received - this.#ended;
  }

  received(call: Call, received: ReceivedCall): void {
    call.received = received;
    this.#received += 1;
  }

  ended(call: Call): void {
    const { received, ...times } = call;
    if (received === null) return;
    this.#ended += 1;
    const lateMs = latenessMs(call, received);
    if (lateMs !== null) this.lateness.record(lateMs);
    this.#journal.append({ ...received, ...times, lateMs });
  }
}

/** Of what the mock did at a time of its own choosing; when a client leaves or the listener closes, nothing was due. */
function latenessMs(call: Call, { plannedMs, fault }: ReceivedCall): number | null {
  const endedAtMs = call.lastByteAtMs ?? (fault === 'refuse' ? null : call.brokenOffAtMs);
  return endedAtMs === null ? null : endedAtMs - call.arrivedAtMs - plannedMs;
}
