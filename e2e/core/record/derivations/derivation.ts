import type { Objective } from '../../budget/objective.ts';
import type { EventSeries } from '../event.ts';
import type { ModelCallLine, RequestLine } from '../recordLine.ts';
import type { RunRecord } from '../runRecord.ts';

/** What a derivation has to go by. */
export type Given = {
  objective: Objective;
  /** Those that the objective judges, in the order of sending. */
  requests: RequestLine[];
  record: Readonly<RunRecord>;
  /** Calls of the model that a request caused, in the order of arrival; empty where none was seen. */
  callsOf: (request: RequestLine) => ModelCallLine[];
};

/** What was observed of one request; `bad` is left out where the objective says it of the value. */
export type Observation = { request: RequestLine } & (
  | { value: number; isAtLeast?: true }
  | { value: null; bad: boolean }
);

/** What one metric makes of requests. A request that should have been observed and was not is missing: where there is one, nothing can pass. */
export type Observed = Pick<EventSeries, 'missing' | 'usesBetween'> & {
  observations: Observation[];
};

export type Derivation = (given: Given) => Observed;

/** Reads each request by itself: an observation without its request, `missing`, or null where the metric says nothing of it. */
export function eachRequest(
  read: (
    request: RequestLine,
    given: Given,
  ) => { value: number; isAtLeast?: true } | { value: null; bad: boolean } | 'missing' | null,
): Derivation {
  return (given) => {
    const observations: Observation[] = [];
    let missing = 0;
    for (const request of given.requests) {
      const reading = read(request, given);
      if (reading === 'missing') missing++;
      else if (reading !== null) observations.push({ request, ...reading });
    }
    return { observations, missing };
  };
}

/** A value of answered requests; those that failed have none to give. */
export function ofAnswered(
  read: (request: RequestLine, given: Given) => number | undefined,
): Derivation {
  return eachRequest((request, given) => {
    if (request.failure !== null) return null;
    const value = read(request, given);
    return value === undefined ? 'missing' : { value };
  });
}
