import type { LoadRequest } from '../core/record/loadLine.ts';
import {
  endOfMeasurement,
  type MeasuredValues,
  type MeasurementLine,
  type RequestLine,
  type ValueName,
} from '../core/record/measurementLine.ts';
import type { DisturbanceLine, ModelCallLine } from '../core/record/recordLine.ts';

/** Durations come from the clocks of two processes; they may differ by this much. */
export const CLOCK_MS = 5;
/** Shorter event-loop stalls are not recorded, so a part's first piece may be seen this late. The part then looks that much shorter. */
const LATE_PIECE_MS = 50;
/** A part that took less than this share of the model's time came in one piece. */
const AT_ONCE_SHARE = 0.1;
const AT_ONCE = 'the stream arrived at once: something between buffers it';

/** Units of the values that cannot be 0: at 0 they were not measured. */
const NEVER_ZERO: Partial<Record<ValueName, string>> = {
  latencyMs: 'ms',
  totalMs: 'ms',
  firstByteMs: 'ms',
  firstChunkMs: 'ms',
  insightMs: 'ms',
  ttfbMs: 'ms',
  fcpMs: 'ms',
  lcpMs: 'ms',
  weightBytes: 'bytes',
  totalBytes: 'bytes',
  usedBytes: 'bytes',
  requests: 'requests',
};

/**
 * Why a value cannot have been measured, in words; null where it can. No answer, and no part of one, comes before the model has written
 * it, by the AI mock's journal. Only durations are compared, since the AI mock may run by another machine's clock.
 * @param calls of the model that the request caused
 * @param disturbances of the run: what one of this workload delayed is set aside, and is no contradiction
 */
export function findContradiction(
  name: ValueName,
  line: MeasurementLine,
  calls: readonly ModelCallLine[],
  disturbances: readonly DisturbanceLine[],
): string | null {
  const values: MeasuredValues = line.values;
  const value = values[name];
  if (value === undefined) return null;
  const found = COMPARED[name]?.(values, calls, line.operation) ?? null;
  if (found !== null && !overlapsAny(line, disturbances)) return found;
  const unit = NEVER_ZERO[name];
  if (unit === undefined || value > 0) return null;
  const isPart = name === 'latencyMs' && values.totalMs !== undefined;
  return isPart ? AT_ONCE : `0 ${unit} were recorded, which cannot be`;
}

/** The same for a request of a load, of which the record has only the times. */
export function findLoadContradiction({ serviceMs, modelMs }: LoadRequest): string | null {
  if (serviceMs === null || modelMs === null) return null;
  return describeTooShort('the answer', serviceMs, modelMs, CLOCK_MS);
}

/** A call arrives between its request and that request's answer: otherwise the AI mock has another clock, and times cannot be compared. */
export function findClockOffset(
  { sentAtMs, status, values }: RequestLine,
  calls: readonly ModelCallLine[],
): string | null {
  const [first] = calls;
  if (first === undefined) return null;
  const early = sentAtMs - first.arrivedAtMs;
  const late = status === null ? 0 : first.arrivedAtMs - sentAtMs - (values.endedMs ?? 0);
  const offsetMs = Math.max(early, late);
  if (offsetMs <= LATE_PIECE_MS) return null;
  return `the clock of the AI mock is at least ${Math.round(offsetMs)} ms ${early > 0 ? 'behind' : 'ahead of'} that of the harness`;
}

type Compare = (
  values: MeasuredValues,
  calls: readonly ModelCallLine[],
  operation: string,
) => string | null;

const COMPARED: Partial<Record<ValueName, Compare>> = {
  latencyMs: ({ latencyMs = 0, totalMs }, calls, operation) => {
    if (totalMs === undefined) return compareWhole(latencyMs, calls);
    return comparePart(operation, latencyMs, totalMs, calls);
  },
  totalMs: ({ totalMs = 0 }, calls) => compareWhole(totalMs, calls),
  insightMs: ({ insightMs = 0 }, calls) => compareWhole(insightMs, calls),
  firstChunkMs: ({ firstChunkMs = 0, totalMs, latencyMs }, calls) => {
    const wholeMs = totalMs ?? latencyMs;
    if (wholeMs !== undefined && firstChunkMs > wholeMs + CLOCK_MS) {
      return `its first chunk is said to have come after ${Math.round(firstChunkMs)} ms of ${Math.round(wholeMs)} ms`;
    }
    const modelMs = timeToShownText(calls);
    if (modelMs === null || firstChunkMs >= modelMs - CLOCK_MS) return null;
    return `its first chunk came after ${Math.round(firstChunkMs)} ms, and the model had written nothing for ${Math.round(modelMs)} ms`;
  },
};

function compareWhole(wholeMs: number, calls: readonly ModelCallLine[]): string | null {
  return describeTooShort('the answer', wholeMs, sumCoveredTime(shortestCalls(calls)), CLOCK_MS);
}

/** The part of an answer that an operation names is written by the calls of that kind. */
function comparePart(
  operation: string,
  partMs: number,
  totalMs: number,
  calls: readonly ModelCallLine[],
): string | null {
  if (partMs > totalMs + CLOCK_MS) {
    return `the ${operation} is said to have taken ${Math.round(partMs)} ms of ${Math.round(totalMs)} ms`;
  }
  const modelMs = sumCoveredTime(shortestCalls(calls.filter(({ kind }) => kind === operation)));
  const toleranceMs = Math.min(modelMs / 2, LATE_PIECE_MS);
  if (partMs < modelMs - toleranceMs && partMs < modelMs * AT_ONCE_SHARE) return AT_ONCE;
  return describeTooShort(`the ${operation}`, partMs, modelMs, toleranceMs);
}

function describeTooShort(
  what: string,
  ms: number,
  modelMs: number,
  toleranceMs: number,
): string | null {
  if (ms >= modelMs - toleranceMs) return null;
  return `${what} took ${Math.round(ms)} ms, less than the ${Math.round(modelMs)} ms that the model took for it`;
}

type AnsweredCall = ModelCallLine & { durationMs: number };

/** The shortest answered call of each kind: if there were several, it is unknown which of them the answer was made of. */
function shortestCalls(calls: readonly ModelCallLine[]): AnsweredCall[] {
  const answered = calls.flatMap((call) =>
    call.durationMs === null ? [] : [{ ...call, durationMs: call.durationMs }],
  );
  return [...Map.groupBy(answered, ({ kind }) => kind).values()].map((ofKind) =>
    ofKind.reduce((one, other) => (other.durationMs < one.durationMs ? other : one)),
  );
}

/** Time in which at least one of the calls was under way. */
function sumCoveredTime(calls: readonly AnsweredCall[]): number {
  let coveredMs = 0;
  let untilMs = Number.NEGATIVE_INFINITY;
  for (const { arrivedAtMs, durationMs } of calls.toSorted(compareArrivals)) {
    const endMs = arrivedAtMs + durationMs;
    coveredMs += Math.max(0, endMs - Math.max(arrivedAtMs, untilMs));
    untilMs = Math.max(untilMs, endMs);
  }
  return coveredMs;
}

/** How long the model took to the first byte of the text that is shown, which the last kind of call writes. */
function timeToShownText(calls: readonly ModelCallLine[]): number | null {
  const earlier = shortestCalls(calls).toSorted(compareArrivals);
  const last = earlier.pop();
  return last === undefined ? null : sumCoveredTime(earlier) + (last.firstByteMs ?? 0);
}

function compareArrivals(one: ModelCallLine, other: ModelCallLine): number {
  return one.arrivedAtMs - other.arrivedAtMs;
}

function overlapsAny(line: MeasurementLine, disturbances: readonly DisturbanceLine[]): boolean {
  const untilMs = endOfMeasurement(line);
  return disturbances.some(
    ({ workload, fromMs, durationMs }) =>
      workload === line.workload && fromMs <= untilMs && fromMs + durationMs >= line.sentAtMs,
  );
}
