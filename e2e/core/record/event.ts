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
  /** Nobody saw the end of it: it may have taken any longer. */
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
