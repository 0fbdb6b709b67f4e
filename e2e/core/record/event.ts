import type { Objective } from '../budget/objective.ts';
import { HarnessError } from '../harnessError.ts';
import type { EventTimes } from '../statistics/eventTally.ts';

/** One observation of an objective, good or bad. */
export type Event = {
  /** Id of the measurement. */
  id: string;
  atMs: number;
  /** When it was over, if the record says so. */
  untilMs?: number;
  bad: boolean;
  /** In the objective's unit; null where the event is good or bad without one. */
  value: number | null;
  /** Its end was not observed: it may have taken longer. */
  isAtLeast?: true;
  requestId: string | null;
  tenant: string | null;
};

/** Events in the order of sending. Those of a load are not a list, which would take hundreds of megabytes. */
export interface Events extends Iterable<Event> {
  readonly length: number;
  /** Of the events of a load; a list has none. */
  readonly columns?: EventColumns;
  map<T>(change: (event: Event, at: number) => T): T[];
  flatMap<T>(change: (event: Event, at: number) => T | readonly T[]): T[];
}

/** The events of one objective, in the order of sending, and the requests that made none. */
export type EventSeries = {
  events: Events;
  /** Requests of the operation that failed. */
  failed: number;
  /** Why the first of them failed. */
  firstFailure?: string;
  /** Events that the harness may have decided, by `setAsideRule`; absent: none. */
  setAside?: { n: number; stalledMs: number; stolenMs: number };
  /** Requests without the values that the metric needs. With one of these nothing can pass. */
  missing: number;
  /** Why the first of these has none, if that is known. */
  whyMissing?: string;
  /** Iterations between one event and the next; absent: one. */
  iterationsBetween?: number;
  /** Of a search for the highest rate: the offered rates, in the order of offering. */
  steps?: RateStep[];
};

/** A rate that was offered for a while. A request for which the rate was not kept is a bad event. */
export type RateStep = {
  ratePerSecond: number;
  events: Events;
  /** How the harness or the AI mock spoilt this step, so that it says nothing of the target; null: it did not. */
  interference: string | null;
};

/**
 * Whether a value is bad. For a quantile, a value at the objective is bad: 2000 ms is not below 2000 ms. For a maximum, only a value
 * beyond it is. For a rate, the value is the time of a request, compared with the limit for its P95.
 */
export function isBad(value: number, { metric, objective, keptBelowMs = 0 }: Objective): boolean {
  const { kind, wantsMore } = metric;
  if (kind === 'capacity') return value >= keptBelowMs;
  // A single value shows no growth, and no regression.
  if (kind === 'growth' || kind === 'regression') return false;
  if (kind !== 'quantile') return value > objective;
  return wantsMore === true ? value <= objective : value >= objective;
}

/** Events in columns, since a verdict reads up to a million of them several times. */
export type EventColumns = {
  /** NaN: the event has none. */
  readonly values: Float64Array;
  readonly atMs: EventTimes;
  /** 1: bad, 0: good. */
  readonly bad: Uint8Array;
};

/**
 * Reads the events of an objective, and refuses those that no verdict may rest on.
 * @throws HarnessError RECORD_INVALID if a regression has no baseline, if the units of objective and metric differ, if a value is missing, infinite or negative (unless
 * the metric allows that), or if an event is good or bad against its value
 */
export function readEvents(objective: Objective, events: Events): EventColumns {
  const { kind, unit } = objective.metric;
  if (kind === 'regression' && objective.baseline === undefined) {
    throw invalidEvents(objective, 'baseline', 'nothing', 'the runs that it is compared with');
  }
  if (objective.unit !== unit) {
    const expected = `${unit}, the unit of ${objective.metric.name}`;
    throw invalidEvents(objective, 'unit', objective.unit, expected);
  }
  const columns = eventColumns(events);
  const hasValues = kind !== 'share' && kind !== 'zeroTolerance' && kind !== 'capacity';
  if (hasValues) checkValues(objective, events, columns);
  return columns;
}

/** The events in columns. They are made for the caller, who may change them. */
export function eventColumns(events: Events): EventColumns {
  return (
    events.columns ?? {
      values: Float64Array.from(events.map(({ value }) => value ?? Number.NaN)),
      atMs: Float64Array.from(events.map(({ atMs }) => atMs)),
      bad: Uint8Array.from(events.map(({ bad }) => Number(bad))),
    }
  );
}

/** The columns of the events that have a value. */
export function valueColumns(events: Events): EventColumns {
  const columns = eventColumns(events);
  if (!columns.values.includes(Number.NaN)) return columns;
  const { values, atMs, bad } = columns;
  const places = [...values.keys()].filter((at) => !Number.isNaN(values[at]));
  return {
    values: Float64Array.from(places, (at) => values[at] as number),
    atMs: Float64Array.from(places, (at) => atMs.at(at) as number),
    bad: Uint8Array.from(places, (at) => bad[at] as number),
  };
}

function checkValues(objective: Objective, events: Events, columns: EventColumns): void {
  const { unit, mayBeNegative } = objective.metric;
  const lowest = mayBeNegative === true ? Number.NEGATIVE_INFINITY : 0;
  const isNumber = (value: number) => Number.isFinite(value) && value >= lowest;
  const at = columns.values.findIndex((value, place) => {
    return !isNumber(value) || isBad(value, objective) !== (columns.bad[place] === 1);
  });
  if (at === -1) return;
  const { id, value, bad } = events.map((event) => event)[at] as Event;
  if (value === null || !isNumber(value)) {
    const expected = `a finite number of ${unit}, not negative`;
    throw invalidEvents(objective, id, String(value), expected);
  }
  const [found, expected] = bad ? ['bad', 'good'] : ['good', 'bad'];
  throw invalidEvents(objective, id, `${found} at ${value} ${unit}`, expected);
}

function invalidEvents(objective: Objective, where: string, found: string, expected: string) {
  return new HarnessError({
    code: 'RECORD_INVALID',
    summary: `${objective.id} cannot be judged by what was recorded.`,
    path: `${objective.id} → ${where}`,
    found,
    expected,
    remedy: 'Run the measurement again; the record must not be edited.',
  });
}
