import type { Objective } from '../budget/objective.ts';
import { HarnessError } from '../harnessError.ts';

/** One observation of an objective: good or bad, with what it takes to find it again. */
export type Event = {
  /** Id of the measurement. */
  id: string;
  atMs: number;
  /** When it was over, where the record tells. */
  untilMs?: number;
  bad: boolean;
  /** In the objective's unit; null where an event is bad for the lack of a value. */
  value: number | null;
  /** Its end was not observed: it may have taken longer. */
  isAtLeast?: true;
  requestId: string | null;
  tenant: string | null;
};

/**
 * Events in the order of sending: a list of them, or what makes them as they are asked for, since those of a load would take hundreds of
 * megabytes as a list.
 */
export interface Events extends Iterable<Event> {
  readonly length: number;
  map<T>(change: (event: Event, at: number) => T): T[];
  flatMap<T>(change: (event: Event, at: number) => T | readonly T[]): T[];
}

/** The events of one objective, in the order of sending, and the requests that could not become one. */
export type EventSeries = {
  events: Events;
  /** Requests of the operation that failed. */
  failed: number;
  /** Why the first of them failed. */
  firstFailure?: string;
  /** Events that the harness may have made what they are: taken out by time alone (`setAside.ts`). Left out: none. */
  setAside?: { n: number; stalledMs: number; stolenMs: number };
  /** Requests of which what the metric takes was not recorded. Where there is one, nothing can pass. */
  missing: number;
  /** Why the first of these was not, where that is known. */
  whyMissing?: string;
  /** Uses that lie between one event and the next, where it is not one. */
  usesBetween?: number;
  /** Of a search for the highest rate: the rates that were offered, in the order of offering. */
  steps?: RateStep[];
};

/** A rate that was offered for a while, with what came of it; a bad event is one for which the rate was not kept. */
export type RateStep = {
  ratePerSecond: number;
  events: Events;
  /** Why this step says nothing of the target, where it does not: the harness or the AI mock was the bottleneck. */
  doubt: string | null;
};

/**
 * A value is bad at the objective of a quantile, and not beyond it alone: "under 2000 ms" is not met by 2000 ms. Where not one may exceed
 * the objective, it is bad beyond. Of a rate, the value is how long a request took, which is held against what its P95 must stay below.
 */
export function isBad(value: number, { metric, objective, keptBelowMs = 0 }: Objective): boolean {
  const { kind, wantsMore } = metric;
  if (kind === 'capacity') return value >= keptBelowMs;
  // No single value grows.
  if (kind === 'growth') return false;
  if (kind !== 'quantile') return value > objective;
  return wantsMore === true ? value <= objective : value >= objective;
}

/**
 * Refuses events that no verdict may rest on.
 * @throws HarnessError RECORD_INVALID for an objective in another unit than its metric, a value that is missing, not finite or negative
 * (where the metric allows none), or one that does not say what its event says.
 */
export function checkEvents(objective: Objective, events: Events): void {
  const { kind, unit, mayBeNegative } = objective.metric;
  if (objective.unit !== unit) {
    throw invalid(
      objective,
      'unit',
      objective.unit,
      `${unit}, the unit of ${objective.metric.name}`,
    );
  }
  if (kind === 'share' || kind === 'zeroTolerance' || kind === 'capacity') return;
  for (const event of events) {
    const { value, bad } = event;
    const lowest = mayBeNegative === true ? Number.NEGATIVE_INFINITY : 0;
    if (value === null || !Number.isFinite(value) || value < lowest) {
      throw invalid(objective, event.id, String(value), `a finite number of ${unit}, not negative`);
    }
    const shouldBeBad = isBad(value, objective);
    if (bad !== shouldBeBad) {
      throw invalid(
        objective,
        event.id,
        `${bad ? 'bad' : 'good'} at ${value} ${unit}`,
        shouldBeBad ? 'bad' : 'good',
      );
    }
  }
}

function invalid(objective: Objective, where: string, found: string, expected: string) {
  return new HarnessError({
    code: 'RECORD_INVALID',
    summary: `${objective.id} cannot be judged by what was recorded.`,
    path: `${objective.id} → ${where}`,
    found,
    expected,
    remedy: 'Run the measurement again; the record must not be edited.',
  });
}
