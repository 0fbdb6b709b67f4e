import type { Objective } from '../core/budget/objective.ts';
import type { EventSeries } from '../core/record/event.ts';
import type {
  CheckName,
  LineOf,
  MadeChecks,
  MeasuredValues,
  MeasurementKind,
  MeasurementLine,
  RequestLine,
  ValueName,
} from '../core/record/measurementLine.ts';
import type { ModelCallLine } from '../core/record/recordLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { findContradiction } from './contradictions.ts';

export type Given<Line extends MeasurementLine = MeasurementLine> = {
  objective: Objective;
  /** Those that the objective judges, in the order of sending. */
  lines: Line[];
  record: Readonly<RunRecord>;
  /** Calls of the model that a measurement caused, in the order of arrival; empty where none was seen. */
  callsOf: (line: MeasurementLine) => ModelCallLine[];
};

/** A value, which the objective calls good or bad; or good or bad without a value. */
type Observed = { value: number; isAtLeast?: true } | { value: null; bad: boolean };

export type Observation = { line: MeasurementLine } & Observed;

/** All that one metric observes. A measurement that it should have observed and could not is missing: then nothing can pass. */
export type Derived = Pick<EventSeries, 'missing' | 'whyMissing' | 'iterationsBetween'> & {
  observations: Observation[];
};

/** Not observed though due; with the reason where one is known. */
export type Missing = 'missing' | { missing: string };

/** What one measurement says of a metric; null: nothing. */
export type Reading = Observed | Missing | null;

export type Derivation = (given: Given) => Derived;

/** Takes measurements of some kinds. One of another kind is missing, since it cannot have been observed. */
export function deriveFrom<Kind extends MeasurementKind>(
  kinds: readonly Kind[],
  derive: (given: Given<LineOf<Kind>>) => Derived,
): Derivation {
  const isTaken = (line: MeasurementLine): line is LineOf<Kind> =>
    kinds.some((kind) => kind === line.type);
  return (given) => {
    const lines = given.lines.filter(isTaken);
    const derived = derive({ ...given, lines });
    return { ...derived, missing: derived.missing + given.lines.length - lines.length };
  };
}

/** Reads each measurement by itself: an observation, what is missing, or null where the metric says nothing of it. */
export function eachLine<Kind extends MeasurementKind>(
  kinds: readonly Kind[],
  read: (line: LineOf<Kind>, given: Given) => Reading,
): Derivation {
  return deriveFrom(kinds, (given) => {
    const observations: Observation[] = [];
    let missing = 0;
    let whyMissing: string | undefined;
    for (const line of given.lines) {
      const reading = read(line, given);
      if (reading === null) continue;
      if (reading === 'missing') {
        missing++;
      } else if ('missing' in reading) {
        missing++;
        whyMissing ??= reading.missing;
      } else observations.push({ line, ...reading });
    }
    return { observations, missing, ...(whyMissing === undefined ? {} : { whyMissing }) };
  });
}

export function eachRequest(read: (request: RequestLine, given: Given) => Reading): Derivation {
  return eachLine(['request'], read);
}

/** Reads a value of each answered measurement; one that failed has none. */
export function eachAnswered<Kind extends MeasurementKind>(
  kinds: readonly Kind[],
  read: (line: LineOf<Kind>, given: Given) => number | undefined | Missing,
): Derivation {
  return eachLine(kinds, (line, given) => {
    if (line.failure !== null) return null;
    const value = read(line, given) ?? 'missing';
    return typeof value === 'number' ? { value } : value;
  });
}

/** Takes a recorded value of each answered measurement, unless something contradicts it. */
export function eachValue<Kind extends MeasurementKind>(
  kinds: readonly Kind[],
  name: ValueName & keyof LineOf<Kind>['values'],
): Derivation {
  return eachAnswered(kinds, (line, given) => readValue(name, line, given));
}

/** A recorded value, or why there is none: it was not recorded, or something contradicts it. */
export function readValue(
  name: ValueName,
  line: MeasurementLine,
  { record, callsOf }: Given,
): number | Missing {
  const values: MeasuredValues = line.values;
  const value = values[name];
  if (value === undefined) return 'missing';
  const contradiction = findContradiction(name, line, callsOf(line), record.disturbances);
  return contradiction === null ? value : { missing: contradiction };
}

/** For a metric of loads only: a request that was sent by itself says nothing of it. */
export const UNDER_LOAD_ALONE: Derivation = eachRequest(() => null);

/** Takes a check that the driver makes of each answer for which it is due. A due check that was not made is missing. */
export function eachCheck<Kind extends MeasurementKind>(
  kind: Kind,
  name: CheckName,
  isDue: (line: LineOf<Kind>) => boolean = ({ failure }) => failure === null,
): Derivation {
  return eachLine([kind], (line) => {
    if (!isDue(line)) return null;
    const checks: MadeChecks = 'checks' in line ? line.checks : {};
    const isPassed = checks[name];
    return isPassed === undefined ? 'missing' : { value: null, bad: !isPassed };
  });
}

/** Did the caller get an answer that reports a failure? */
export function reportsFailure({ failure, status, values }: RequestLine): boolean {
  return failure !== null && status !== null && values.leftMs === undefined;
}
