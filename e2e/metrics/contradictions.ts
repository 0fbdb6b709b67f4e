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
/** Shorter event-loop stalls are not recorded: the first piece of a part may be seen this late, and the part looks shorter by it. */
const LATE_PIECE_MS = 50;
/** A part that took less than this share of the model's time came as one piece. */
const AT_ONCE_SHARE = 0.1;
const AT_ONCE = 'the stream arrived at once: something between buffers it';

/** Values that cannot be 0: at 0 they were not measured. */
const NEVER_ZERO = {
  ...{ latencyMs: 'ms', totalMs: 'ms', firstByteMs: 'ms', firstChunkMs: 'ms', insightMs: 'ms' },
  ...{ ttfbMs: 'ms', fcpMs: 'ms', lcpMs: 'ms' },
  ...{ weightBytes: 'bytes', totalBytes: 'bytes', usedBytes: 'bytes', requests: 'requests' },
} satisfies Partial<Record<ValueName, string>>;

/**
 * Why a value cannot have been measured, in words; null where it can. By the AI mock's journal no answer, and no part of one, can come
 * before the model was done with it. Only durations are compared, since the AI mock may run by another machine's clock.
 * @param calls of the model that the request caused
 * @param stalls of the harness: what they delayed is set aside, and is no contradiction
 */
export function findContradiction(
  name: ValueName,
  line: MeasurementLine,
  calls: readonly ModelCallLine[],
  stalls: readonly DisturbanceLine[],
): string | null {
  const values: MeasuredValues = line.values;
  const value = values[name];
  if (value === undefined) return null;
  const found = COMPARED[name]?.(values, calls, line.operation) ?? null;
  if (found !== null && !overlapsAny(line, stalls)) return found;
  const unit = name in NEVER_ZERO ? NEVER_ZERO[name as keyof typeof NEVER_ZERO] : null;
  if (unit === null || value > 0) return null;
  const isPart = name === 'latencyMs' && values.totalMs !== undefined;
  return isPart ? AT_ONCE : `0 ${unit} were recorded, which cannot be`;
}

/** The same for a request of a load, of which the record has only the times. */
export function findContradictionOfLoad({ serviceMs, modelMs }: LoadRequest): string | null {
  if (serviceMs === null || modelMs === null) return null;
  return tooShort('the answer', serviceMs, modelMs, CLOCK_MS);
}

/**
 * Why the times of a request and of its calls cannot be compared; null where they can. A call comes after the request that caused it, and
 * before the answer of that request: otherwise the AI mock has another clock.
 */
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
  return `the clock of the AI mock is at least ${round(offsetMs)} ms ${early > 0 ? 'behind' : 'ahead of'} that of the harness`;
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
      return `its first chunk is said to have come after ${round(firstChunkMs)} ms of ${round(wholeMs)} ms`;
    }
    const modelMs = firstByteOf(calls);
    if (modelMs === null || firstChunkMs >= modelMs - CLOCK_MS) return null;
    return `its first chunk came after ${round(firstChunkMs)} ms, and the model had written nothing for ${round(modelMs)} ms`;
  },
};

function compareWhole(wholeMs: number, calls: readonly ModelCallLine[]): string | null {
  return tooShort('the answer', wholeMs, spanOf(neededCalls(calls)), CLOCK_MS);
}

/** The part of an answer that an operation names is written by the calls of that kind. */
function comparePart(
  operation: string,
  partMs: number,
  totalMs: number,
  calls: readonly ModelCallLine[],
): string | null {
  if (partMs > totalMs + CLOCK_MS) {
    return `the ${operation} is said to have taken ${round(partMs)} ms of ${round(totalMs)} ms`;
  }
  const modelMs = spanOf(neededCalls(calls.filter(({ kind }) => kind === operation)));
  const tolerance = Math.min(modelMs / 2, LATE_PIECE_MS);
  if (partMs < modelMs - tolerance && partMs < modelMs * AT_ONCE_SHARE) {
    return AT_ONCE;
  }
  return tooShort(`the ${operation}`, partMs, modelMs, tolerance);
}

function tooShort(what: string, ms: number, modelMs: number, tolerance: number): string | null {
  if (ms >= modelMs - tolerance) return null;
  return `${what} took ${round(ms)} ms, less than the ${round(modelMs)} ms that the model took for it`;
}

/** Of each kind of call the shortest that was answered: of several, it is unknown which one the answer was made of. */
function neededCalls(calls: readonly ModelCallLine[]): Answered[] {
  const answered = calls.flatMap((call) =>
    call.durationMs === null ? [] : [{ ...call, durationMs: call.durationMs }],
  );
  return [...Map.groupBy(answered, ({ kind }) => kind).values()].map((ofKind) =>
    ofKind.reduce((one, other) => (other.durationMs < one.durationMs ? other : one)),
  );
}

type Answered = ModelCallLine & { durationMs: number };

/** Time in which at least one of the calls was under way. */
function spanOf(calls: readonly Answered[]): number {
  let spanMs = 0;
  let untilMs = Number.NEGATIVE_INFINITY;
  for (const { arrivedAtMs, durationMs } of calls.toSorted(byArrival)) {
    const endMs = arrivedAtMs + durationMs;
    spanMs += Math.max(0, endMs - Math.max(arrivedAtMs, untilMs));
    untilMs = Math.max(untilMs, endMs);
  }
  return spanMs;
}

/** For how long the model had written nothing of the text that is shown, which is that of the last kind of call. */
function firstByteOf(calls: readonly ModelCallLine[]): number | null {
  const needed = neededCalls(calls).toSorted(byArrival);
  const last = needed.pop();
  if (last === undefined) return null;
  return spanOf(needed) + (last.firstByteMs ?? 0);
}

function byArrival(one: ModelCallLine, other: ModelCallLine): number {
  return one.arrivedAtMs - other.arrivedAtMs;
}

function overlapsAny(line: MeasurementLine, stalls: readonly DisturbanceLine[]): boolean {
  const untilMs = endOfMeasurement(line);
  return stalls.some(
    ({ fromMs, durationMs }) => fromMs <= untilMs && fromMs + durationMs >= line.sentAtMs,
  );
}

function round(ms: number): string {
  return String(Math.round(ms));
}
