import type { Objective } from '../budget/objective.ts';
import { HarnessError } from '../harnessError.ts';

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

/** Events in the order of sending: a list, or an iterator for those of a load, which would take hundreds of megabytes as a list. */
export interface Events extends Iterable<Event> {
  readonly length: number;
  map<T>(change: (event: Event, at: number) => T): T[];
  flatMap<T>(change: (event: Event, at: number) => T | readonly T[]): T[];
}

/** The events of one objective, in the order of sending, and what became of other requests. */
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
 * Of a quantile a value is bad at the objective and beyond: 2000 ms is not below 2000 ms. Of a maximum it is bad beyond only. Of a rate the
 * value is a request's time, compared with the limit for its P95.
 */
export function isBad(value: number, { metric, objective, keptBelowMs = 0 }: Objective): boolean {
  const { kind, wantsMore } = metric;
  if (kind === 'capacity') return value >= keptBelowMs;
  // A single value does not show growth.
  if (kind === 'growth') return false;
  if (kind !== 'quantile') return value > objective;
  return wantsMore === true ? value <= objective : value >= objective;
}

/**
 * Refuses events that no verdict may rest on.
 * @throws HarnessError RECORD_INVALID for an objective in another unit than its metric, a value that is missing, infinite or negative
 * (unless the metric allows that), or an event that is good or bad against its value
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
