import type { RequestLine } from '../recordLine.ts';
import { type Derivation, eachRequest } from './derivation.ts';

/**
 * Of each request that ended after the model was well again: how long from then, or from its sending where that was later, to its answer.
 * One that failed after that had not recovered by the end of the watch, which is at least as bad as the objective allows.
 */
export const recovery: Derivation = (given) => {
  const { record, requests, objective } = given;
  const outage = record.outages.find(({ workload }) => workload === objective.workload);
  if (outage === undefined) return { observations: [], missing: requests.length };
  const lastEndMs = requests.map(endOf).reduce((a, b) => Math.max(a, b), outage.untilMs);
  return eachRequest((request) => {
    const endMs = endOf(request);
    if (endMs <= outage.untilMs) return null;
    const fromMs = Math.max(outage.untilMs, request.sentAtMs);
    if (request.failure === null) return { value: endMs - fromMs };
    return { value: Math.max(lastEndMs - fromMs, objective.objective) };
  })(given);
};

function endOf({ sentAtMs, values }: RequestLine): number {
  return sentAtMs + (values.endedMs ?? 0);
}
