import type { JournalEntry } from './call.ts';

const DEFAULT_CAPACITY = 200_000;

/** The entries of one scope, in order of their end. */
type Book = { entries: JournalEntry[]; lostThroughSeq: number };

/**
 * The calls that ended, by scope, bounded over all scopes together. When it is full the oldest entries go,
 * and a reader that has not read them gets an error: it never takes an incomplete journal for a complete one.
 */
export class Journal {
  readonly #books = new Map<string, Book>();
  readonly #capacity: number;
  #held = 0;
  #lastSeq = 0;

  constructor({ capacity = DEFAULT_CAPACITY }: { capacity?: number } = {}) {
    this.#capacity = capacity;
  }

  /** Starts to keep the calls of a scope; one that is kept already goes on. */
  open(scope: string): void {
    if (!this.#books.has(scope)) this.#books.set(scope, { entries: [], lostThroughSeq: 0 });
  }

  /** Keeps an entry and gives it its number. Entries of a scope that is not open are not kept. */
  append(entry: Omit<JournalEntry, 'seq'>): void {
    const book = entry.scope === null ? undefined : this.#books.get(entry.scope);
    if (book === undefined) return;
    if (this.#held >= this.#capacity) this.#dropOldest();
    this.#lastSeq += 1;
    book.entries.push({ ...entry, seq: this.#lastSeq });
    this.#held += 1;
  }

  /** The entries of a scope with a number above `after`; 'lost' if some of those were dropped, `null` if the scope is not open. */
  read(scope: string, after: number): readonly JournalEntry[] | 'lost' | null {
    const book = this.#books.get(scope);
    if (book === undefined) return null;
    if (book.lostThroughSeq > after) return 'lost';
    return book.entries.slice(firstAbove(book.entries, after));
  }

  forget(scope: string): void {
    this.#held -= this.#books.get(scope)?.entries.length ?? 0;
    this.#books.delete(scope);
  }

  // A share at a time: dropping from the front of an array costs its whole length.
  #dropOldest(): void {
    let oldest: Book | undefined;
    for (const book of this.#books.values()) {
      if (book.entries[0] === undefined) continue;
      if (oldest === undefined || book.entries[0].seq < (oldest.entries[0]?.seq ?? 0))
        oldest = book;
    }
    if (oldest === undefined) return;
    const dropped = oldest.entries.splice(0, Math.max(1, Math.floor(this.#capacity / 100)));
    this.#held -= dropped.length;
    oldest.lostThroughSeq = dropped.at(-1)?.seq ?? oldest.lostThroughSeq;
  }
}

/** Binary search: the position of the first entry numbered above `seq`. */
function firstAbove(entries: readonly JournalEntry[], seq: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && entry.seq <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
