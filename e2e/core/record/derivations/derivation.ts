import type { Objective } from '../../budget/objective.ts';
import type { EventSeries } from '../event.ts';
import type { ModelCallLine, RequestLine } from '../recordLine.ts';
import type { RunRecord } from '../runRecord.ts';
import { findContradiction, type ValueName } from './contradictions.ts';

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
export type Observed = Pick<EventSeries, 'missing' | 'whyMissing' | 'usesBetween'> & {
  observations: Observation[];
};

/** What should have been observed and was not; with the reason where one is known. */
export type Missing = 'missing' | { missing: string };

export type Derivation = (given: Given) => Observed;

/** Reads each request by itself: an observation without its request, what is missing, or null where the metric says nothing of it. */
export function eachRequest(
  read: (
    request: RequestLine,
    given: Given,
  ) => { value: number; isAtLeast?: true } | { value: null; bad: boolean } | Missing | null,
): Derivation {
  return (given) => {
    const observations: Observation[] = [];
    const reasons: string[] = [];
    let missing = 0;
    for (const request of given.requests) {
      const reading = read(request, given);
      if (reading === null) continue;
      if (reading === 'missing' || 'missing' in reading) missing++;
      else observations.push({ request, ...reading });
      if (reading !== 'missing' && 'missing' in reading) reasons.push(reading.missing);
    }
    const [whyMissing] = reasons;
    return { observations, missing, ...(whyMissing === undefined ? {} : { whyMissing }) };
  };
}

/** A value of answered requests; those that failed have none to give. */
export function ofAnswered(
  read: (request: RequestLine, given: Given) => number | undefined | Missing,
): Derivation {
  return eachRequest((request, given) => {
    if (request.failure !== null) return null;
    const value = read(request, given) ?? 'missing';
    return typeof value === 'number' ? { value } : value;
  });
}

/** A recorded value of answered requests, where it can have been measured. */
export function ofValue(name: ValueName): Derivation {
  return ofAnswered((request, given) => readValue(name, request, given));
}

/** A recorded value, or why there is none: it was not recorded, or something contradicts it. */
export function readValue(name: ValueName, request: RequestLine, given: Given): number | Missing {
  const value = request.values[name];
  if (value === undefined) return 'missing';
  const contradiction = contradictionOf(name, request, given);
  return contradiction === null ? value : { missing: contradiction };
}

export function contradictionOf(
  name: ValueName,
  request: RequestLine,
  { record, callsOf }: Given,
): string | null {
  const stalls = record.disturbances.filter(({ workload }) => workload === request.workload);
  return findContradiction(name, request, callsOf(request), stalls);
}
