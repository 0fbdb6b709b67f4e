/** One observation of an objective: good or bad, with what it takes to find it again. */
export type Event = {
  /** Id of the measurement. */
  id: string;
  atMs: number;
  bad: boolean;
  /** In the objective's unit; null where an event is bad for the lack of a value. */
  value: number | null;
  requestId: string | null;
  tenant: string | null;
};

/** The events of one objective, in the order of sending, and the requests that could not become one. */
export type EventSeries = {
  events: Event[];
  /** Requests of the operation that failed. */
  failed: number;
  /** Why the first of them failed. */
  firstFailure?: string;
  /** Requests of which what the metric takes was not recorded. Where there is one, nothing can pass. */
  missing: number;
  /** Uses that lie between one event and the next, where it is not one. */
  usesBetween?: number;
};
