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

/** What a derivation is given. */
export type Given<Line extends MeasurementLine = MeasurementLine> = {
  objective: Objective;
  /** Those that the objective judges, in the order of sending. */
  lines: Line[];
  record: Readonly<RunRecord>;
  /** Calls of the model that a measurement caused, in the order of arrival; empty where none was seen. */
  callsOf: (line: MeasurementLine) => ModelCallLine[];
};

/** A value, which is good or bad by the objective, or good or bad without a value. */
type Observed = { value: number; isAtLeast?: true } | { value: null; bad: boolean };

/** What was observed of one measurement. */
export type Observation = { line: MeasurementLine } & Observed;

/** What one metric observes. A measurement that it should have observed and could not is missing: then nothing can pass. */
export type Derived = Pick<EventSeries, 'missing' | 'whyMissing' | 'iterationsBetween'> & {
  observations: Observation[];
};

/** Not observed though it should be; with the reason where one is known. */
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
    const reasons: string[] = [];
    let missing = 0;
    for (const line of given.lines) {
      const reading = read(line, given);
      if (reading === null) continue;
      if (reading === 'missing' || 'missing' in reading) missing++;
      else observations.push({ line, ...reading });
      if (reading !== 'missing' && 'missing' in reading) reasons.push(reading.missing);
    }
    const [whyMissing] = reasons;
    return { observations, missing, ...(whyMissing === undefined ? {} : { whyMissing }) };
  });
}

/** The same of requests to the API alone. */
export function eachRequest(read: (request: RequestLine, given: Given) => Reading): Derivation {
  return eachLine(['request'], read);
}

/** A value of those that were answered; one that failed has none to give. */
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

/** A recorded value of those that were answered, where it can have been measured. */
export function ofValue<Kind extends MeasurementKind>(
  kinds: readonly Kind[],
  name: ValueName & keyof LineOf<Kind>['values'],
): Derivation {
  return eachAnswered(kinds, (line, given) => readValue(name, line, given));
}

/** A recorded value, or why there is none: it was not recorded, or something contradicts it. */
export function readValue(name: ValueName, line: MeasurementLine, given: Given): number | Missing {
  const values: MeasuredValues = line.values;
  const value = values[name];
  if (value === undefined) return 'missing';
  const contradiction = contradictionOf(name, line, given);
  return contradiction === null ? value : { missing: contradiction };
}

export function contradictionOf(
  name: ValueName,
  line: MeasurementLine,
  { record, callsOf }: Given,
): string | null {
  const stalls = record.disturbances.filter(({ workload }) => workload === line.workload);
  return findContradiction(name, line, callsOf(line), stalls);
}

/** Under a load only: a request that was sent by itself says nothing of the metric. */
export const UNDER_LOAD_ALONE: Derivation = eachRequest(() => null);

/** A check that the driver makes of each answer that it is due for. A check that was not made is missing. */
export function eachCheck<Kind extends MeasurementKind>(
  kind: Kind,
  name: CheckName,
  isDue: (line: LineOf<Kind>) => boolean = isAnswered,
): Derivation {
  return eachLine([kind], (line) => {
    if (!isDue(line)) return null;
    const checks: MadeChecks = 'checks' in line ? line.checks : {};
    const held = checks[name];
    return held === undefined ? 'missing' : { value: null, bad: !held };
  });
}

function isAnswered({ failure }: MeasurementLine): boolean {
  return failure === null;
}

/** Did the caller get an answer that says that there is none? */
export function reportsFailure({ failure, status, values }: RequestLine): boolean {
  return failure !== null && status !== null && values.leftMs === undefined;
}
