import type { Objective } from '../core/budget/objective.ts';
import {
  type Event,
  type EventColumns,
  type EventSeries,
  type Events,
  isBad,
} from '../core/record/event.ts';
import type { LoadBlock } from '../core/record/loadBlock.ts';
import type { LoadRequest } from '../core/record/loadLine.ts';
import { type LoadRow, type LoadTable, responseMs } from '../core/record/loadTable.ts';
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

/** Reads a value of each answered request. */
export function readAnsweredUnderLoad(read: (request: LoadRequest) => number | null): LoadReader {
  return (request) => {
    if (request.failure !== null) return null;
    const value = read(request);
    return value === null ? 'missing' : { value };
  };
}

/**
 * A sent request has both its times, an unsent one has failed. Otherwise part of it was lost, and it is missing for every metric. So is a
 * value that the model's time contradicts.
 */
export function readWholeRequest(request: LoadRequest, read: LoadReader): LoadReading {
  const { failure, lateMs, serviceMs } = request;
  const isSent = lateMs !== null && serviceMs !== null;
  const isUnsent = lateMs === null && serviceMs === null && failure !== null;
  if (!isSent && !isUnsent) return 'missing';
  const reading = read(request);
  if (reading === null || reading === 'missing' || reading.value === null) return reading;
  return findLoadContradiction(request) === null ? reading : 'missing';
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
  const events = new LoadEvents(table, read);
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
      events.add(place, value === null ? reading.bad : isBad(value, objective));
    }
    place++;
  }
  return { events, ...seen, ...countSetAside(setAside) };
}

/** The causes are filled in later, once for all derivations. */
export function countSetAside(n: number): Pick<EventSeries, 'setAside'> {
  return n === 0 ? {} : { setAside: { n, stalledMs: 0, stolenMs: 0 } };
}

/** The event that a request of a load makes. */
function toEvent(request: LoadRow, value: number | null, bad: boolean): Event {
  const { id, dueAtMs: atMs, tenant } = request;
  // The start, where the end is unknown: only time that surely belongs to the request may count as disturbed.
  const untilMs = atMs + (responseMs(request) ?? 0);
  return { id, atMs, untilMs, bad, value, requestId: null, tenant };
}

/** The events of a load, made anew at each iteration: two bits are kept of each, since a list would take hundreds of megabytes. */
class LoadEvents implements Events {
  length = 0;
  readonly #table: LoadTable;
  readonly #read: LoadReader;
  /** By the place among the judged requests. */
  readonly #isEvent: BitSet;
  readonly #isBad: BitSet;

  constructor(table: LoadTable, read: LoadReader) {
    this.#table = table;
    this.#read = read;
    this.#isEvent = new BitSet(table.n);
    this.#isBad = new BitSet(table.n);
  }

  add(place: number, bad: boolean): void {
    this.length++;
    this.#isEvent.add(place);
    if (bad) this.#isBad.add(place);
  }

  get columns(): EventColumns {
    const bad = new Uint8Array(this.length);
    for (const at of this.#isEvent.ranksOf(this.#isBad)) bad[at] = 1;
    let values: Float64Array | undefined;
    const readValues = () => this.#readValues();
    return {
      bad,
      atMs: new LoadEventTimes(this.#table, this.#isEvent),
      // Read when they are asked for: a share of bad events needs none.
      get values() {
        values ??= readValues();
        return values;
      },
    };
  }

  #readValues(): Float64Array {
    const values = new Float64Array(this.length);
    let [place, at] = [0, 0];
    for (const request of this.#table.judged()) {
      if (this.#isEvent.has(place++)) values[at++] = this.#valueOf(request) ?? Number.NaN;
    }
    return values;
  }

  #valueOf(request: LoadRow): number | null {
    const reading = this.#read(request);
    return reading === null || reading === 'missing' ? null : reading.value;
  }

  *[Symbol.iterator](): Generator<Event> {
    let place = 0;
    for (const request of this.#table.judged()) {
      if (this.#isEvent.has(place)) {
        yield toEvent(request, this.#valueOf(request), this.#isBad.has(place));
      }
      place++;
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

/** When events took place, read from the columns of their load. Made for reading in ascending order; it begins anew for an earlier one. */
class LoadEventTimes {
  readonly #blocks: readonly LoadBlock[];
  readonly #isEvent: BitSet;
  /** The event that was read last, and its place among the judged requests. */
  #at = -1;
  #place = -1;
  /** The block that holds it, the number of that block, and the place of its first request. */
  #block: LoadBlock | undefined;
  #number = 0;
  #start = 0;

  constructor(table: LoadTable, isEvent: BitSet) {
    this.#blocks = table.blocks.filter(({ head }) => !head.warmUp);
    this.#block = this.#blocks[0];
    this.#isEvent = isEvent;
  }

  at(wanted: number): number | undefined {
    if (wanted < this.#at) {
      [this.#at, this.#place, this.#number, this.#start] = [-1, -1, 0, 0];
      this.#block = this.#blocks[0];
    }
    this.#place = this.#isEvent.skip(this.#place, wanted - this.#at);
    this.#at = wanted;
    while (this.#block !== undefined && this.#place - this.#start >= this.#block.length) {
      this.#start += this.#block.length;
      this.#block = this.#blocks[++this.#number];
    }
    const block = this.#block;
    return block && block.head.fromMs + block.dueMs.get(this.#place - this.#start);
  }
}

class BitSet {
  readonly #words: Uint32Array;

  constructor(most: number) {
    this.#words = new Uint32Array((most >> 5) + 1);
  }

  add(place: number): void {
    (this.#words[place >> 5] as number) |= 1 << (place & 31);
  }

  has(place: number): boolean {
    return ((this.#words[place >> 5] as number) & (1 << (place & 31))) !== 0;
  }

  /** Of each place of a part of them, how many of them lie before it. */
  *ranksOf(part: BitSet): Generator<number> {
    let before = 0;
    for (let at = 0; at < this.#words.length; at++) {
      const word = this.#words[at] as number;
      for (let left = part.#words[at] as number; left !== 0; left &= left - 1) {
        const lowest = left & -left;
        yield before + countOnes(word & (lowest - 1));
      }
      before += countOnes(word);
    }
  }

  /** The place that is `count` further among those that were added. */
  skip(place: number, count: number): number {
    let [at, left] = [place, count];
    while (left > 0 && at < 32 * this.#words.length) {
      const next = at + 1;
      const rest = (this.#words[next >> 5] ?? 0) >>> (next & 31);
      const ones = countOnes(rest);
      if (ones < left) {
        left -= ones;
        at = next | 31;
        continue;
      }
      // Nearly all requests are events, so that the wanted one is often as far as it can be.
      const wanted = (1 << left) - 1;
      if ((rest & wanted) === wanted) return at + left;
      at = next;
      left -= rest & 1;
    }
    return at;
  }
}

/** Warren, Hacker's Delight, 5-1. */
function countOnes(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55_55_55_55);
  const fours = (pairs & 0x33_33_33_33) + ((pairs >>> 2) & 0x33_33_33_33);
  return Math.imul((fours + (fours >>> 4)) & 0x0f_0f_0f_0f, 0x01_01_01_01) >>> 24;
}
