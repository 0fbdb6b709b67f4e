import { readRetryAfterMs } from '../faults/faults.ts';
import type { Call, JournalEntry, OpenCall, ReceivedCall } from './call.ts';
import { Histogram } from './histogram.ts';

const DEFAULT_CAPACITY = 200_000;

/** In order of their end. */
type ScopeEntries = { entries: JournalEntry[]; lostThroughSeq: number };

/**
 * The calls that ended, by scope. All scopes share one capacity: when it is reached, the oldest entries are dropped, and a reader
 * that missed them gets an error.
 */
export class Journal {
  readonly #scopes = new Map<string, ScopeEntries>();
  readonly #capacity: number;
  #held = 0;
  #lastSeq = 0;

  constructor({ capacity = DEFAULT_CAPACITY }: { capacity?: number } = {}) {
    this.#capacity = capacity;
  }

  /** Starts to keep the calls of a scope, if it does not yet. */
  open(scope: string): void {
    if (!this.#scopes.has(scope)) this.#scopes.set(scope, { entries: [], lostThroughSeq: 0 });
  }

  /** Keeps an entry and gives it its number. Entries of a scope that is not open are not kept. */
  append(entry: Omit<JournalEntry, 'seq'>): void {
    const kept = entry.scope === null ? undefined : this.#scopes.get(entry.scope);
    if (kept === undefined) return;
    if (this.#held >= this.#capacity) this.#dropOldest();
    this.#lastSeq += 1;
    kept.entries.push({ ...entry, seq: this.#lastSeq });
    this.#held += 1;
  }

  /** The entries of a scope with a number above `after`; 'lost' if some of those were dropped, `null` if the scope is not open. */
  read(scope: string, after: number): readonly JournalEntry[] | 'lost' | null {
    const kept = this.#scopes.get(scope);
    if (kept === undefined) return null;
    if (kept.lostThroughSeq > after) return 'lost';
    // From the end, where the new ones are.
    return kept.entries.slice(kept.entries.findLastIndex(({ seq }) => seq <= after) + 1);
  }

  forget(scope: string): void {
    this.#held -= this.#scopes.get(scope)?.entries.length ?? 0;
    this.#scopes.delete(scope);
  }

  // Many at a time: removing from the front of an array moves all the rest.
  #dropOldest(): void {
    const firstSeq = ({ entries }: ScopeEntries): number =>
      entries[0]?.seq ?? Number.POSITIVE_INFINITY;
    const [oldest] = [...this.#scopes.values()].sort((a, b) => firstSeq(a) - firstSeq(b));
    if (oldest === undefined) return;
    const dropped = oldest.entries.splice(0, Math.max(1, Math.floor(this.#capacity / 100)));
    this.#held -= dropped.length;
    oldest.lostThroughSeq = dropped.at(-1)?.seq ?? oldest.lostThroughSeq;
  }
}

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
