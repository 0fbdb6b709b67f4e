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
    const lateMs =
      times.lastByteAtMs === null
        ? null
        : times.lastByteAtMs - times.arrivedAtMs - received.plannedMs;
    if (lateMs !== null) this.lateness.record(lateMs);
    this.#journal.append({ ...received, ...times, lateMs });
  }
}
