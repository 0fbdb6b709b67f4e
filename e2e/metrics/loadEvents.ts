import type { Objective } from '../core/budget/objective.ts';
import {
  type Event,
  type EventColumns,
  type EventSeries,
  type Events,
  isBad,
} from '../core/record/event.ts';
import type { CompactLine, LoadRequest } from '../core/record/loadLine.ts';
import { type LoadTable, responseMs } from '../core/record/loadTable.ts';
import type { ProcessLine } from '../core/record/recordLine.ts';
import type { setAsideRule } from '../core/record/setAside.ts';
import { findLoadContradiction } from './contradictions.ts';

/** What one request of a load says of a metric: a value; good or bad without one; `missing` if it was not recorded; null for nothing. */
export type LoadReading = { value: number } | { value: null; bad: boolean } | 'missing' | null;

export type LoadReader = (request: LoadRequest) => LoadReading;

type IsSetAside = ReturnType<typeof setAsideRule>;

export type LoadGiven = {
  objective: Objective;
  table: LoadTable;
  processes: readonly ProcessLine[];
  isSetAside: IsSetAside;
};

export type LoadDerivation = (given: LoadGiven) => EventSeries;

/** Reads a value of each answered request, unless the model's time contradicts it. */
export function readAnsweredUnderLoad(read: (request: LoadRequest) => number | null): LoadReader {
  return (request) => {
    if (request.failure !== null) return null;
    const value = read(request);
    return value === null || findLoadContradiction(request) !== null ? 'missing' : { value };
  };
}

/** A sent request has both its times, an unsent one has failed. Otherwise part of it was lost, and it is missing for every metric. */
export function readWholeRequest(request: LoadRequest, read: LoadReader): LoadReading {
  const { failure, lateMs, serviceMs } = request;
  const isSent = lateMs !== null && serviceMs !== null;
  const isUnsent = lateMs === null && serviceMs === null && failure !== null;
  return isSent || isUnsent ? read(request) : 'missing';
}

/** Is a request of a load set aside, given what it says of the metric? */
export function isLoadRequestSetAside(
  request: LoadRequest,
  reading: LoadReading,
  isSetAside: IsSetAside,
): boolean {
  if (isSetAside === null || reading === null || reading === 'missing') return false;
  const { dueAtMs: fromMs, lateMs } = request;
  const untilMs = fromMs + (responseMs(request) ?? 0);
  return isSetAside({
    fromMs,
    lateMs: lateMs ?? 0,
    untilMs,
    value: reading.value,
    isTimedByHarness: true,
    place: request.index,
  });
}

export function eachLoadRequest(
  { objective, table, isSetAside }: LoadGiven,
  read: LoadReader,
): EventSeries {
  const seen: Omit<EventSeries, 'events'> = { failed: 0, missing: 0 };
  const events = new LoadEvents(table);
  let setAside = 0;
  let place = 0;
  for (const request of table.judged()) {
    const { failure } = request;
    if (failure !== null) {
      seen.failed++;
      seen.firstFailure ??= failure;
    }
    const reading = readWholeRequest(request, read);
    if (reading === 'missing') {
      seen.missing++;
      const why = seen.whyMissing ?? findLoadContradiction(request);
      if (why !== null) seen.whyMissing = why;
    } else if (isLoadRequestSetAside(request, reading, isSetAside)) setAside++;
    else if (reading !== null) {
      const { value } = reading;
      const bad = value === null ? reading.bad : isBad(value, objective);
      events.add(place, value, bad);
    }
    place++;
  }
  return { events, ...seen, ...countSetAside(setAside) };
}

/** The causes are filled in later, once for all derivations. */
export function countSetAside(n: number): Pick<EventSeries, 'setAside'> {
  return n === 0 ? {} : { setAside: { n, stalledMs: 0, stolenMs: 0 } };
}

/** An event that reads from the columns of its load. */
class LoadEvent implements Event {
  readonly bad: boolean;
  readonly value: number | null;
  readonly requestId = null;
  readonly #line: CompactLine;
  readonly #at: number;

  constructor(line: CompactLine, at: number, bad: boolean, value: number) {
    this.bad = bad;
    this.value = Number.isNaN(value) ? null : value;
    this.#line = line;
    this.#at = at;
  }

  get id(): string {
    return `${this.#line.scope}-${this.#line.index[this.#at]}`;
  }

  get atMs(): number {
    return this.#line.fromMs + (this.#line.dueMs[this.#at] as number);
  }

  /** The start, where the end is unknown: only time that surely belongs to the request may count as disturbed. */
  get untilMs(): number {
    const { lateMs, serviceMs } = this.#line;
    return this.atMs + ((lateMs[this.#at] as number) + (serviceMs[this.#at] as number) || 0);
  }

  get tenant(): string {
    return this.#line.tenants[this.#line.tenant[this.#at] as number] as string;
  }
}

/** The events of a load in columns, made anew at each iteration: a list of them would take hundreds of megabytes. */
class LoadEvents implements Events {
  length = 0;
  readonly #table: LoadTable;
  /** Of each event its place among the judged requests. */
  readonly #places: Uint32Array;
  readonly #bad: Uint8Array;
  /** NaN: the event has none. Undefined: no event has one. */
  #values: Float64Array | undefined;

  constructor(table: LoadTable) {
    this.#table = table;
    this.#places = new Uint32Array(table.n);
    this.#bad = new Uint8Array(table.n);
  }

  add(place: number, value: number | null, bad: boolean): void {
    this.#places[this.length] = place;
    if (value !== null) {
      this.#values ??= new Float64Array(this.#places.length).fill(Number.NaN);
      this.#values[this.length] = value;
    }
    this.#bad[this.length++] = Number(bad);
  }

  get columns(): EventColumns {
    const { length } = this;
    const [table, places] = [this.#table, this.#places];
    return {
      values: this.#values?.subarray(0, length) ?? new Float64Array(length).fill(Number.NaN),
      bad: this.#bad.subarray(0, length),
      // Read anew: kept for each objective, they would take as much memory as the values.
      get atMs() {
        const atMs = new Float64Array(length);
        let [place, next] = [0, 0];
        for (const { dueAtMs } of table.judged()) {
          if (places[next] === place++) atMs[next++] = dueAtMs;
        }
        return atMs;
      },
    };
  }

  *[Symbol.iterator](): Generator<Event> {
    let next = 0;
    let before = 0;
    for (const line of this.#table.lines) {
      if (line.warmUp) continue;
      for (; next < this.length; next++) {
        const at = (this.#places[next] as number) - before;
        if (at >= line.index.length) break;
        const value = this.#values?.[next] ?? Number.NaN;
        yield new LoadEvent(line, at, this.#bad[next] === 1, value);
      }
      before += line.index.length;
    }
  }

  map<T>(change: (event: Event, at: number) => T): T[] {
    return Array.from(this, change);
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
