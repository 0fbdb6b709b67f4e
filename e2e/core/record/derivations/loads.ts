import { FEWEST_IN_WINDOW } from '../../budget/loadSchema.ts';
import type { LoadUnit } from '../../budget/metric.ts';
import type { Objective } from '../../budget/objective.ts';
import { quantile, sortSample } from '../../statistics/quantile.ts';
import { type Event, type EventSeries, type Events, isBad } from '../event.ts';
import { describeLoadInterference, mostLateMs } from '../loadInterference.ts';
import type { CompactLine, LoadRequest } from '../loadLine.ts';
import { type LoadRow, type LoadTable, responseMs, silencesBySecond } from '../loadTable.ts';
import type { ProcessLine } from '../recordLine.ts';
import type { RunRecord } from '../runRecord.ts';
import { disturbancesOf, type EventSpan, isTooDisturbed, setAsideRule } from '../setAside.ts';
import { findContradictionOfLoad } from './contradictions.ts';

/** What one request says of a metric: a value, good or bad by itself, nothing that was recorded, or nothing at all. */
type LoadReading = { value: number } | { value: null; bad: boolean } | 'missing' | null;

type Reader = (request: LoadRequest) => LoadReading;

const ofAnswered =
  (read: (request: LoadRequest) => number | null): Reader =>
  (request) => {
    if (request.failure !== null) return null;
    const value = read(request);
    return value === null || findContradictionOfLoad(request) !== null ? 'missing' : { value };
  };

/** A rate is not kept for a request that failed, was never sent, or took too long from its intended start on. */
const keeps: Reader = (request) => {
  if (request.failure !== null) return { value: null, bad: true };
  const value = responseMs(request);
  return value === null || findContradictionOfLoad(request) !== null ? 'missing' : { value };
};

/**
 * Metrics of each request by itself. Latency counts from the intended start, so that whoever had to wait for the generator, or would have had
 * to wait for a connection, is not left out; a request that was never sent has failed.
 */
const READERS: Record<string, Reader> = {
  latency: ofAnswered(responseMs),
  serviceTime: ofAnswered(({ serviceMs }) => serviceMs),
  ownTime: ofAnswered(({ serviceMs, modelMs }) =>
    serviceMs === null || modelMs === null ? null : serviceMs - modelMs,
  ),
  availability: ({ failure }) => ({ value: null, bad: failure !== null }),
  isolation: ({ failure, isolated }) => {
    if (isolated !== null) return { value: null, bad: !isolated };
    return failure === null ? 'missing' : null;
  },
  rate: keeps,
};

/** What a request says of an objective that is judged request by request; undefined where the objective is not. */
export function readLoadRequest(
  { metric }: Objective,
  request: LoadRequest,
): LoadReading | undefined {
  const read = READERS[metric.name];
  return read === undefined ? undefined : readWhole(request, read);
}

/** What was sent has both its times, and what was not has failed: else something of it was lost, and it says nothing of any metric. */
function readWhole(request: LoadRequest, read: Reader): LoadReading {
  const { failure, lateMs, serviceMs } = request;
  const isSent = lateMs !== null && serviceMs !== null;
  const isUnsent = lateMs === null && serviceMs === null && failure !== null;
  return isSent || isUnsent ? read(request) : 'missing';
}

/** Null where this objective is not judged by the requests of a load. */
export function deriveLoadEvents(
  objective: Objective,
  table: LoadTable,
  processes: readonly ProcessLine[],
  record: Pick<RunRecord, 'disturbances'>,
): EventSeries | null {
  const isSetAside = setAsideRule(objective, record);
  const derive = DERIVE_BY_UNIT[objective.metric.countsUnderLoad ?? 'reading'];
  if (derive === undefined) return null;
  const series = derive({ objective, table, processes, isSetAside });
  const { setAside } = series;
  if (setAside === undefined) return series;
  return { ...series, setAside: { n: setAside.n, ...disturbancesOf(objective, record) } };
}

type OfLoad = {
  objective: Objective;
  table: LoadTable;
  processes: readonly ProcessLine[];
  isSetAside: IsSetAside;
};

type IsSetAside = ReturnType<typeof setAsideRule>;

const DERIVE_BY_UNIT: Partial<Record<LoadUnit, (of: OfLoad) => EventSeries>> = {
  request: (of) => eventsOf(of, READERS[of.objective.metric.name] as Reader),
  second: stallsOf,
  window: windowsOf,
  step: stepsOf,
};

/** Is a request of a load set aside, given what it says of the metric? */
export function isLoadRequestSetAside(
  request: LoadRequest,
  reading: LoadReading,
  isSetAside: IsSetAside,
): boolean {
  if (isSetAside === null || reading === null || reading === 'missing') return false;
  return isSetAside(spanOf(request, reading.value));
}

function spanOf(request: LoadRequest, value: number | null): EventSpan {
  const { dueAtMs: fromMs, lateMs } = request;
  const untilMs = fromMs + (responseMs(request) ?? 0);
  return { fromMs, lateMs: lateMs ?? 0, untilMs, value, isTimedByUs: true };
}

function eventsOf({ objective, table, isSetAside }: OfLoad, read: Reader): EventSeries {
  const seen: Omit<EventSeries, 'events'> = { failed: 0, missing: 0 };
  let [length, n] = [0, 0];
  for (const request of table.judged()) {
    if (request.failure !== null) {
      seen.failed++;
      seen.firstFailure ??= request.failure;
    }
    const reading = readWhole(request, read);
    if (reading === 'missing') {
      seen.missing++;
      const why = seen.whyMissing ?? findContradictionOfLoad(request);
      if (why !== null) seen.whyMissing = why;
    } else if (isLoadRequestSetAside(request, reading, isSetAside)) n++;
    else if (reading !== null) length++;
  }
  const readEvent = (request: LoadRow) => {
    const reading = readWhole(request, read);
    if (isLoadRequestSetAside(request, reading, isSetAside)) return null;
    return eventOf(request, reading, objective);
  };
  return { events: new LoadEvents(table, readEvent, length), ...seen, ...asideOf(n) };
}

/** What disturbed is filled in once for all. */
function asideOf(n: number): Pick<EventSeries, 'setAside'> {
  return n === 0 ? {} : { setAside: { n, stalledMs: 0, stolenMs: 0 } };
}

/** Null where a request says nothing, or nothing that can be judged. */
function eventOf(request: LoadRow, reading: LoadReading, objective: Objective): Event | null {
  if (reading === null || reading === 'missing') return null;
  const bad = reading.value === null ? reading.bad : isBad(reading.value, objective);
  return new LoadEvent(request, bad, reading.value);
}

/** Each second of a load: the longest time without an answer, of those that ended in it. */
function stallsOf(of: OfLoad): EventSeries {
  const { objective, table, isSetAside } = of;
  const { failed, firstFailure, missing } = eventsOf({ ...of, isSetAside: null }, ({ failure }) =>
    failure === null ? null : { value: null, bad: true },
  );
  const seconds = silencesBySecond(table).map(({ second, atMs, silentMs }) => ({
    id: `${table.workload}, second ${second + 1}`,
    atMs: atMs - silentMs,
    untilMs: atMs,
    value: silentMs,
    bad: isBad(silentMs, objective),
    requestId: null,
    tenant: null,
  }));
  const events = seconds.filter(
    ({ atMs: fromMs, untilMs, value }) =>
      !isSetAside?.({ fromMs, lateMs: 0, untilMs, value, isTimedByUs: true }),
  );
  return {
    ...{ events, failed, missing },
    ...(firstFailure === undefined ? {} : { firstFailure }),
    ...asideOf(seconds.length - events.length),
  };
}

/**
 * Windows of as many requests each, of which the sample budget says how many: the median latency of each. Of a load that was cut short there
 * are fewer of them, and not shorter ones; what is set aside of a window leaves the median to the rest of it.
 */
function windowsOf(of: OfLoad): EventSeries {
  const { objective, isSetAside } = of;
  const { events, ...seen } = eventsOf({ ...of, isSetAside: null }, READERS.latency as Reader);
  const perWindow = objective.windowSize ?? Math.floor(events.length / objective.sampleBudget);
  if (perWindow < FEWEST_IN_WINDOW) {
    return { ...seen, events: [], missing: seen.missing + events.length };
  }
  const windows: Event[] = [];
  let window: Event[] = [];
  for (const event of events) {
    window.push(event);
    if (window.length < perWindow) continue;
    const kept = window.filter(({ atMs: fromMs, untilMs = fromMs, value }) => {
      return !isSetAside?.({ fromMs, lateMs: 0, untilMs, value, isTimedByUs: true });
    });
    // Half a window still has a median; with less than that it is set aside whole.
    const isWhole = kept.length >= perWindow / 2;
    if (windows.length < objective.sampleBudget && isWhole) windows.push(medianOf(kept));
    window = [];
  }
  const whole = Math.min(objective.sampleBudget, Math.floor(events.length / perWindow));
  return {
    ...seen,
    events: windows,
    usesBetween: perWindow / 1000,
    ...asideOf(whole - windows.length),
  };
}

/** The first of them, at the median value of all. */
function medianOf(window: readonly Event[]): Event {
  const { id, atMs, bad, requestId, tenant } = window[0] as Event;
  const value = quantile(sortSample(window.map((event) => event.value ?? Number.NaN)), 0.5);
  return { id, atMs, bad, value, requestId, tenant };
}

function stepsOf(of: OfLoad): EventSeries {
  const { objective, table, processes } = of;
  const steps = table.steps().flatMap(({ step: { ratePerSecond }, table: requests }) => {
    if (ratePerSecond === null) return [];
    const series = eventsOf({ ...of, table: requests }, keeps);
    const ofStep = processes.filter((line) => line.ratePerSecond === ratePerSecond);
    const late = describeLoadInterference(requests, ofStep, mostLateMs(objective));
    const { events, setAside } = series;
    const doubt =
      late ??
      (isTooDisturbed(setAside?.n ?? 0, events.length)
        ? `${setAside?.n} of its requests were set aside: the harness stalled or sent them late`
        : null);
    return events.length === 0 ? [] : [{ ratePerSecond, events, doubt }];
  });
  return { ...eventsOf(of, keeps), steps };
}

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

  /** Where the end is unknown, the start: only the time that is known to be the request's can be set aside. */
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
