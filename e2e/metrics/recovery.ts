import type { RequestLine } from '../core/record/measurementLine.ts';
import type { OutageLine } from '../core/record/recordLine.ts';
import { type Derived, deriveFrom, eachRequest, type Given } from './derivation.ts';
import { MAX_TIME, type MetricEntry } from './shapes.ts';

export const RECOVERY_METRICS = {
  /** From the end of the outage, or the sending if that is later, to an answer. */
  recovery: {
    ...MAX_TIME,
    derive: deriveFrom(['request'], deriveRecovery),
    valueName: 'time to an answer once the model was well',
    describeBad: ({ objective, unit }) => `took more than ${objective} ${unit} to recover`,
    advice:
      'Look for what outlasts the outage: a circuit breaker that stays open, waits that have grown, dead connections in the pool.',
  },
} satisfies Record<string, MetricEntry>;

/** A request that was sent in an outage and failed this soon after it may have made its last attempt in it. */
const GRACE_MS = 1000;

/** A request that failed after an outage had not recovered by the end of the observation, which counts as more than is allowed. */
function deriveRecovery(given: Given<RequestLine>): Derived {
  const { record, lines: requests, objective } = given;
  const outages = record.outages.filter(({ workload }) => workload === objective.workload);
  if (outages.length === 0) return { observations: [], missing: requests.length };
  const observedUntilMs = [...requests.map(recordedEnd), ...outages.map(({ untilMs }) => untilMs)]
    .filter((ms) => ms !== null)
    .reduce((a, b) => Math.max(a, b));
  return eachRequest((request) => {
    const endMs = recordedEnd(request);
    if (endMs === null) return 'missing';
    const outage = findLastOutage(outages, endMs);
    if (outage === null) return null;
    const { sentAtMs, failure } = request;
    const fromMs = Math.max(outage.untilMs, sentAtMs);
    if (failure === null) return { value: endMs - fromMs };
    const mayHaveTriedInIt = sentAtMs < outage.untilMs && endMs <= outage.untilMs + GRACE_MS;
    if (mayHaveTriedInIt) return null;
    return { value: Math.max(observedUntilMs - fromMs, objective.objective + 1), isAtLeast: true };
  })(given);
}

/** The last outage that was over at a time; null before the end of the first, and during any. */
function findLastOutage(outages: OutageLine[], atMs: number): OutageLine | null {
  if (outages.some(({ fromMs, untilMs }) => fromMs < atMs && atMs <= untilMs)) return null;
  const over = outages.filter(({ untilMs }) => untilMs < atMs);
  return over.toSorted((a, b) => b.untilMs - a.untilMs)[0] ?? null;
}

/** When a request ended, in ms since the epoch; null where that was not recorded. */
function recordedEnd({ sentAtMs, values }: RequestLine): number | null {
  return values.endedMs === undefined ? null : sentAtMs + values.endedMs;
}
