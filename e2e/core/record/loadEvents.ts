import type { CompactLine } from './compactLine.ts';
import type { Event, Events } from './event.ts';
import type { LoadRow, LoadTable } from './loadTable.ts';

/** An event that reads of its request what it is asked for. */
export class LoadEvent implements Event {
  readonly bad: boolean;
  readonly value: number | null;
  readonly requestId = null;
  readonly #line: CompactLine;
  readonly #at: number;

  constructor({ line, at }: LoadRow, bad: boolean, value: number | null) {
    this.bad = bad;
    this.value = value;
    this.#line = line;
    this.#at = at;
  }

  get id(): string {
    return `${this.#line.scope}-${this.#line.index[this.#at]}`;
  }

  get atMs(): number {
    return this.#line.fromMs + (this.#line.dueMs[this.#at] as number);
  }

  get untilMs(): number {
    const { lateMs, serviceMs } = this.#line;
    return this.atMs + ((lateMs[this.#at] as number) + (serviceMs[this.#at] as number) || 0);
  }

  get tenant(): string {
    return this.#line.tenants[this.#line.tenant[this.#at] as number] as string;
  }
}

/** The events of a load, made anew each time that they are gone through. */
export class LoadEvents implements Events {
  readonly length: number;
  readonly #table: LoadTable;
  readonly #read: (request: LoadRow) => Event | null;

  /** @param read null where a request makes no event @param length of how many it does not */
  constructor(table: LoadTable, read: (request: LoadRow) => Event | null, length: number) {
    this.#table = table;
    this.#read = read;
    this.length = length;
  }

  *[Symbol.iterator](): Generator<Event> {
    for (const request of this.#table.judged()) {
      const event = this.#read(request);
      if (event !== null) yield event;
    }
  }

  map<T>(change: (event: Event, at: number) => T): T[] {
    const all: T[] = [];
    let at = 0;
    for (const event of this) all.push(change(event, at++));
    return all;
  }

  flatMap<T>(change: (event: Event, at: number) => T | readonly T[]): T[] {
    const all: T[] = [];
    let at = 0;
    for (const event of this) {
      const changed = change(event, at++);
      if (Array.isArray(changed)) all.push(...changed);
      else all.push(changed as T);
    }
    return all;
  }
}
