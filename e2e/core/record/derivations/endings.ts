import type { RequestLine } from '../recordLine.ts';
import { endOf } from './attempts.ts';
import { reportsFailure } from './checks.ts';
import { type Derivation, eachRequest } from './derivation.ts';

/** Time that it may take until the end of one thing is seen at another. */
const GRACE_MS = 1000;
/** An abort that comes with the caller's leaving, and not before it, is its consequence. */
const TOGETHER_MS = 50;

/**
 * How long a call of a model that hangs was left to hang. Where the caller lost patience first, it hung at least that long; where that is
 * within the objective, nobody knows whether the time-out would have fired in time.
 */
export const timeout: Derivation = eachRequest((request, { callsOf, objective }) => {
  const [first] = callsOf(request);
  if (first === undefined) return 'missing';
  const leftAtMs = leavingOf(request);
  const byItself =
    first.end === 'aborted' && (leftAtMs === null || endOf(first) < leftAtMs - TOGETHER_MS);
  if (byItself) return { value: first.endedMs };
  const wasWatchedLongEnough = first.endedMs > objective.objective;
  return wasWatchedLongEnough && first.end !== 'answered' ? { value: first.endedMs } : 'missing';
});

/** How long it took to be told that there is no answer; of a caller who left without having been told, how long it waited. */
export const refusal: Derivation = eachRequest((request, { objective }) => {
  const { leftMs, endedMs } = request.values;
  if (leftMs !== undefined) return leftMs > objective.objective ? { value: leftMs } : 'missing';
  return reportsFailure(request) && endedMs !== undefined ? { value: endedMs } : 'missing';
});

/** Were all calls over when the caller had been told, or soon after? */
export const released: Derivation = eachRequest((request, { callsOf }) => {
  const { endedMs } = request.values;
  if (!reportsFailure(request) || endedMs === undefined) return null;
  const calls = callsOf(request);
  if (calls.length === 0) return 'missing';
  const toldAtMs = request.sentAtMs + endedMs;
  const lastEndMs = calls.map(endOf).reduce((a, b) => Math.max(a, b));
  return { value: null, bad: lastEndMs > toldAtMs + GRACE_MS };
});

/** Did every call end, and none begin, once the caller had left? A caller who did not leave shows nothing. */
export const workStops: Derivation = eachRequest((request, { callsOf }) => {
  const leftAtMs = leavingOf(request);
  const calls = callsOf(request);
  if (leftAtMs === null || calls.length === 0) return 'missing';
  return { value: null, bad: calls.some((call) => endOf(call) > leftAtMs + GRACE_MS) };
});

/** When the caller left, in ms since the epoch; null where it stayed. */
function leavingOf({ sentAtMs, values }: RequestLine): number | null {
  return values.leftMs === undefined ? null : sentAtMs + values.leftMs;
}
