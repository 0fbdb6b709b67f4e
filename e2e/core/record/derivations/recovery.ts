import type { OutageLine, RequestLine } from '../recordLine.ts';
import { type Derivation, eachRequest } from './derivation.ts';

/** A request that failed so soon after an outage that it was sent in may have made its last attempt in it. */
const GRACE_MS = 1000;

/**
 * Of each request that ended after the model was well again: how long from then, or from its sending where that was later, to its answer.
 * One that failed after that had not recovered by the end of the watch, which is beyond what the objective allows.
 */
export const recovery: Derivation = (given) => {
  const { record, requests, objective } = given;
  const outages = record.outages.filter(({ workload }) => workload === objective.workload);
  if (outages.length === 0) return { observations: [], missing: requests.length };
  const watchedUntilMs = [...requests.map(endOf), ...outages.map(({ untilMs }) => untilMs)]
    .filter((ms) => ms !== null)
    .reduce((a, b) => Math.max(a, b));
  return eachRequest((request) => {
    const endMs = endOf(request);
    if (endMs === null) return 'missing';
    const outage = lastBefore(outages, endMs);
    if (outage === null) return null;
    const { sentAtMs, failure } = request;
    const fromMs = Math.max(outage.untilMs, sentAtMs);
    if (failure === null) return { value: endMs - fromMs };
    const mayHaveTriedInIt = sentAtMs < outage.untilMs && endMs <= outage.untilMs + GRACE_MS;
    if (mayHaveTriedInIt) return null;
    return { value: Math.max(watchedUntilMs - fromMs, objective.objective + 1), isAtLeast: true };
  })(given);
};

/** The outage that was over last at a time; null before the end of the first, and in the middle of one. */
function lastBefore(outages: OutageLine[], atMs: number): OutageLine | null {
  if (outages.some(({ fromMs, untilMs }) => fromMs < atMs && atMs <= untilMs)) return null;
  const over = outages.filter(({ untilMs }) => untilMs < atMs);
  return over.toSorted((a, b) => b.untilMs - a.untilMs)[0] ?? null;
}

/** When a request ended, in ms since the epoch; null where that was not recorded. */
function endOf({ sentAtMs, values }: RequestLine): number | null {
  return values.endedMs === undefined ? null : sentAtMs + values.endedMs;
}
