import { z } from 'zod';
import type { RequestLine } from '../core/record/measurementLine.ts';
import { endOfCall, type ModelCallLine } from '../core/record/recordLine.ts';
import { findClockOffset } from './contradictions.ts';
import { eachCheck, eachRequest, type Given, type Reading, reportsFailure } from './derivation.ts';
import { MAX_TIME, MAXIMUM, type MetricEntry, ZERO_TOLERANCE } from './shapes.ts';

/** A time-out that has not fired after this long is as good as none: a gateway in front gives up before. */
const DEFAULT_CLIENT_TIMEOUT_MS = 30_000;

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

  refusal: {
    ...MAX_TIME,
    derive: eachRequest(readRefusal),
    valueName: 'time until the error answer',
    describeBad: ({ objective, unit }) => `took more than ${objective} ${unit} to be refused`,
    advice:
      'Add up how long the target tries: the time-out of an attempt times the number of attempts, and the waits between them. It needs a limit on the whole.',
  },

  /** Is every call of the model over soon after the caller has its error answer? */
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

  /** Does the page show that it will get no answer? */
  page: {
    title: 'notice of the failure',
    ...ZERO_TOLERANCE,
    isTimed: true,
    derive: eachCheck('iteration', 'page', () => true),
    describeBad: () => 'showed nothing of the failure',
    advice:
      'Open the page, ask while the model hangs, and see what the page does: an error of the API, or a time-out of the page, must end in an alert with a way to try again.',
  },
} satisfies Record<string, MetricEntry>;

/** The end of a call may be seen this much later than the end of its request. */
const GRACE_MS = 2000;
/** An abort after the caller's leaving, or less than this before it, is its consequence. */
const TOGETHER_MS = 50;

/** If the caller left first, the call hung for at least that long; within the objective, that says nothing about the time-out. */
function readTimeout(request: RequestLine, { callsOf, objective }: Given): Reading {
  const calls = callsOf(request);
  const unanswered = calls.filter(({ end }) => end !== 'answered');
  const [first] = unanswered;
  if (first === undefined) return 'missing';
  const longestMs = unanswered.reduce((most, { endedMs }) => Math.max(most, endedMs), 0);
  // A call that hung for too long counts, whatever ended it, first or not.
  if (longestMs > objective.objective) {
    const isOver =
      unanswered.every(({ end }) => end === 'aborted') && request.values.leftMs === undefined;
    return isOver ? { value: longestMs } : { value: longestMs, isAtLeast: true };
  }
  const offset = findClockOffset(request, calls);
  if (offset !== null) return { missing: offset };
  const leftAtMs = recordedLeaving(request);
  // If the exchange broke off, it is unknown which side gave up first.
  const callerWasThere =
    leftAtMs === null ? request.status !== null : endOfCall(first) < leftAtMs - TOGETHER_MS;
  return first.end === 'aborted' && callerWasThere ? { value: longestMs } : 'missing';
}

/** How long the caller waited for the error answer; a caller who left without it waited at least that long. */
function readRefusal(request: RequestLine, { objective }: Given): Reading {
  const { leftMs, endedMs } = request.values;
  if (leftMs !== undefined) {
    return leftMs > objective.objective ? { value: leftMs, isAtLeast: true } : 'missing';
  }
  return reportsFailure(request) && endedMs !== undefined ? { value: endedMs } : 'missing';
}

/** Were all calls over soon after the caller got its error answer? A caller without one shows nothing. */
function readReleased(request: RequestLine, { callsOf }: Given): Reading {
  if (!reportsFailure(request)) return null;
  const { endedMs } = request.values;
  const calls = callsOf(request);
  if (endedMs === undefined || calls.length === 0) return 'missing';
  const offset = findClockOffset(request, calls);
  if (offset !== null) return { missing: offset };
  return checkCallsOver(request.sentAtMs + endedMs + GRACE_MS, calls);
}

/** Only a call that was given up shows that work was stopped: a model that was done by itself left nothing to stop. */
function readWorkStops(request: RequestLine, { callsOf }: Given): Reading {
  const leftAtMs = recordedLeaving(request);
  if (leftAtMs === null) return 'missing';
  const calls = callsOf(request);
  const offset = findClockOffset(request, calls);
  if (offset !== null) return { missing: offset };
  const over = checkCallsOver(leftAtMs + GRACE_MS, calls);
  if (over === 'missing' || over.bad) return over;
  const wasStopped = calls.some(
    (call) => call.end === 'aborted' && endOfCall(call) >= leftAtMs - TOGETHER_MS,
  );
  return wasStopped ? over : 'missing';
}

/** Were all calls over at a time? Unknown if one was still open when it was last seen, before that time. */
function checkCallsOver(
  atMs: number,
  calls: ModelCallLine[],
): 'missing' | { value: null; bad: boolean } {
  if (calls.some((call) => endOfCall(call) > atMs)) return { value: null, bad: true };
  return calls.some(({ end }) => end === 'open') ? 'missing' : { value: null, bad: false };
}

/** When the caller left, in ms since the epoch; null where it stayed. */
function recordedLeaving({ sentAtMs, values }: RequestLine): number | null {
  return values.leftMs === undefined ? null : sentAtMs + values.leftMs;
}
