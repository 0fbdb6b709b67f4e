import type { RequestLine } from '../measurementLine.ts';
import type { ModelCallLine } from '../recordLine.ts';
import { reportsFailure } from './checks.ts';
import { findClockOffset } from './contradictions.ts';
import { type Derivation, eachRequest } from './derivation.ts';
import { endOf } from './retries.ts';

/** Time that it may take until the end of one thing is seen at another. */
const GRACE_MS = 2000;
/** An abort that comes with the caller's leaving, and not before it, is its consequence. */
const TOGETHER_MS = 50;

/**
 * How long a call of a model that hangs was left to hang. Where the caller lost patience first, it hung at least that long; where that is
 * within the objective, nobody knows whether the time-out would have fired in time.
 */
export const timeout: Derivation = eachRequest((request, { callsOf, objective }) => {
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
  // Of an exchange that broke off nobody knows which end gave up first.
  const callerWasThere =
    leftAtMs === null ? request.status !== null : endOf(first) < leftAtMs - TOGETHER_MS;
  return first.end === 'aborted' && callerWasThere ? { value: longestMs } : 'missing';
});

/** How long it took to be told that there is no answer; of a caller who left without having been told, how long it waited. */
export const refusal: Derivation = eachRequest((request, { objective }) => {
  const { leftMs, endedMs } = request.values;
  if (leftMs !== undefined)
    return leftMs > objective.objective ? { value: leftMs, isAtLeast: true } : 'missing';
  return reportsFailure(request) && endedMs !== undefined ? { value: endedMs } : 'missing';
});

/** Were all calls over when the caller had been told, or soon after? A caller who was not told shows nothing. */
export const released: Derivation = eachRequest((request, { callsOf }) => {
  if (!reportsFailure(request)) return null;
  const { endedMs } = request.values;
  const calls = callsOf(request);
  if (endedMs === undefined || calls.length === 0) return 'missing';
  const offset = findClockOffset(request, calls);
  if (offset !== null) return { missing: offset };
  return wereOverBy(request.sentAtMs + endedMs + GRACE_MS, calls);
});

/**
 * Was every call over soon after the caller had left? It takes one that was given up to show that something was stopped: a model that
 * was done already, or soon after, left nothing to stop.
 */
export const workStops: Derivation = eachRequest((request, { callsOf }) => {
  const leftAtMs = leavingOf(request);
  if (leftAtMs === null) return 'missing';
  const calls = callsOf(request);
  const offset = findClockOffset(request, calls);
  if (offset !== null) return { missing: offset };
  const over = wereOverBy(leftAtMs + GRACE_MS, calls);
  if (over === 'missing' || over.bad) return over;
  const wasStopped = calls.some(
    (call) => call.end === 'aborted' && endOf(call) >= leftAtMs - TOGETHER_MS,
  );
  return wasStopped ? over : 'missing';
});

/** Nobody knows of a call that was still open when it was last looked at, if that was before. */
function wereOverBy(
  atMs: number,
  calls: ModelCallLine[],
): 'missing' | { value: null; bad: boolean } {
  if (calls.some((call) => endOf(call) > atMs)) return { value: null, bad: true };
  return calls.some(({ end }) => end === 'open') ? 'missing' : { value: null, bad: false };
}

/** When the caller left, in ms since the epoch; null where it stayed. */
function leavingOf({ sentAtMs, values }: RequestLine): number | null {
  return values.leftMs === undefined ? null : sentAtMs + values.leftMs;
}
