import { z } from 'zod';
import type { RequestLine } from '../core/record/measurementLine.ts';
import { endOfCall, type ModelCallLine } from '../core/record/recordLine.ts';
import { findClockOffset } from './contradictions.ts';
import { eachCheck, eachRequest, type Given, type Reading, reportsFailure } from './derivation.ts';
import { MAX_TIME, MAXIMUM, type MetricEntry, ZERO_TOLERANCE } from './shapes.ts';

/** A time-out that has not fired after this long is as good as none: a gateway in front gives up before. */
const DEFAULT_CLIENT_TIMEOUT_MS = 30_000;

/** What happens when a model hangs, or a caller leaves. */
export const TIMEOUT_METRICS = {
  /** From the arrival of a call at a model that hangs to the moment when the target gives it up. */
  timeout: {
    ...MAXIMUM,
    chart: 'each value',
    unit: 'ms',
    key: 'clientTimeoutMs',
    limit: z
      .number()
      .positive()
      .default(DEFAULT_CLIENT_TIMEOUT_MS)
      .describe('The time-out of the target must have fired by then, in ms'),
    derive: eachRequest(readTimeout),
    valueName: 'time until the hanging call was given up',
    describeBad: ({ objective, unit }) =>
      `left the model hanging for more than ${objective} ${unit}`,
    advice:
      'Look for the time-out of the HTTP client that calls the model: it is missing, longer than the objective, or restarts with each attempt or byte.',
  },

  /** Send to the answer that says that there will be none. */
  refusal: {
    ...MAX_TIME,
    derive: eachRequest(readRefusal),
    valueName: 'time until the error answer',
    describeBad: ({ objective, unit }) => `took more than ${objective} ${unit} to be refused`,
    advice:
      'Add up how long the target tries: the time-out of an attempt times the number of attempts, and the waits between them. It needs a limit on the whole.',
  },

  /** Is every call of the model over once the caller has its answer, or soon after? */
  released: {
    ...ZERO_TOLERANCE,
    isTimed: true,
    presupposes: 'timeout',
    derive: eachRequest(readReleased),
    describeBad: () => 'left a call of the model open',
    shownIn: 'modelCalls',
    advice:
      'Look at what happens to the call of the model when its time-out fires: the caller gets an answer, but the call must also be aborted, or it keeps its connection.',
  },

  /** Does the work behind a request stop once its caller has left? */
  workStops: {
    ...ZERO_TOLERANCE,
    isTimed: true,
    derive: eachRequest(readWorkStops),
    describeBad: () => 'went on after the caller had left',
    shownIn: 'modelCalls',
    advice:
      'Check whether the target notices that the caller closed the connection, and aborts the call of the model: otherwise the whole call is paid for.',
  },

  /** Does the page say that there will be no answer? */
  page: {
    ...ZERO_TOLERANCE,
    isTimed: true,
    derive: eachCheck('iteration', 'page', () => true),
    describeBad: () => 'showed nothing of the failure',
    advice:
      'Open the page, ask while the model hangs, and see what the page does: an error of the API, or a time-out of the page, must end in an alert with a way to try again.',
  },
} satisfies Record<string, MetricEntry>;

/** The end of one thing may be seen this much later at another. */
const GRACE_MS = 2000;
/** An abort that comes with the caller's leaving, and not before it, is its consequence. */
const TOGETHER_MS = 50;

/**
 * How long a call of a model that hangs was left to hang. If the caller left first, it hung at least that long; if that is within the
 * objective, it is unknown whether the time-out would have fired in time.
 */
function readTimeout(request: RequestLine, { callsOf, objective }: Given): Reading {
  const calls = callsOf(request);
  const unanswered = calls.filter(({ end }) => end !== 'answered');
  const [first] = unanswered;
  if (first === undefined) return 'missing';
  const longestMs = unanswered.reduce((most, { endedMs }) => Math.max(most, endedMs), 0);
  // One that was left for too long counts, whatever ended it, and whether it was the first or not.
  if (longestMs > objective.objective) {
    const isOver =
      unanswered.every(({ end }) => end === 'aborted') && request.values.leftMs === undefined;
    return isOver ? { value: longestMs } : { value: longestMs, isAtLeast: true };
  }
  const offset = findClockOffset(request, calls);
  if (offset !== null) return { missing: offset };
  const leftAtMs = leavingOf(request);
  // Of an exchange that broke off it is unknown which end gave up first.
  const callerWasThere =
    leftAtMs === null ? request.status !== null : endOfCall(first) < leftAtMs - TOGETHER_MS;
  return first.end === 'aborted' && callerWasThere ? { value: longestMs } : 'missing';
}

/** How long the caller waited for the answer that there is none; of a caller who left without it, how long it waited at least. */
function readRefusal(request: RequestLine, { objective }: Given): Reading {
  const { leftMs, endedMs } = request.values;
  if (leftMs !== undefined) {
    return leftMs > objective.objective ? { value: leftMs, isAtLeast: true } : 'missing';
  }
  return reportsFailure(request) && endedMs !== undefined ? { value: endedMs } : 'missing';
}

/** Were all calls over when the caller got its refusal, or soon after? A caller without a refusal shows nothing. */
function readReleased(request: RequestLine, { callsOf }: Given): Reading {
  if (!reportsFailure(request)) return null;
  const { endedMs } = request.values;
  const calls = callsOf(request);
  if (endedMs === undefined || calls.length === 0) return 'missing';
  const offset = findClockOffset(request, calls);
  if (offset !== null) return { missing: offset };
  return wereOverBy(request.sentAtMs + endedMs + GRACE_MS, calls);
}

/**
 * Was every call over soon after the caller had left? Only a call that was given up shows that something was stopped: a model that was done
 * already, or soon after, left nothing to stop.
 */
function readWorkStops(request: RequestLine, { callsOf }: Given): Reading {
  const leftAtMs = leavingOf(request);
  if (leftAtMs === null) return 'missing';
  const calls = callsOf(request);
  const offset = findClockOffset(request, calls);
  if (offset !== null) return { missing: offset };
  const over = wereOverBy(leftAtMs + GRACE_MS, calls);
  if (over === 'missing' || over.bad) return over;
  const wasStopped = calls.some(
    (call) => call.end === 'aborted' && endOfCall(call) >= leftAtMs - TOGETHER_MS,
  );
  return wasStopped ? over : 'missing';
}

/** A call that was still open when it was last looked at, before that time, leaves the answer unknown. */
function wereOverBy(
  atMs: number,
  calls: ModelCallLine[],
): 'missing' | { value: null; bad: boolean } {
  if (calls.some((call) => endOfCall(call) > atMs)) return { value: null, bad: true };
  return calls.some(({ end }) => end === 'open') ? 'missing' : { value: null, bad: false };
}

/** When the caller left, in ms since the epoch; null where it stayed. */
function leavingOf({ sentAtMs, values }: RequestLine): number | null {
  return values.leftMs === undefined ? null : sentAtMs + values.leftMs;
}
