import type { LoadRequest } from '../core/record/loadLine.ts';
import type { RequestLine } from '../core/record/measurementLine.ts';
import { median } from '../core/statistics/quantile.ts';
import {
  type Derived,
  deriveFrom,
  eachCheck,
  type Given,
  type Observation,
  readValue,
} from './derivation.ts';
import type { LoadReading } from './loadEvents.ts';
import { type MetricEntry, TIME, ZERO_TOLERANCE } from './shapes.ts';

export const ISOLATION_METRICS = {
  isolation: {
    ...ZERO_TOLERANCE,
    countsUnderLoad: 'request',
    comparesTenants: true,
    derive: eachCheck('request', 'isolation'),
    readLoad: readLoadIsolation,
    describeBad: () => 'held the data of another tenant or request',
    shownIn: 'answer',
    advice:
      'Treat it as a breach: look for what requests of several tenants share, such as a cache, a session or a connection without the tenant of the token in its key.',
  },

  /** How much longer a request of another tenant takes than the busiest tenant's at the same time. */
  fairness: {
    ...TIME,
    mayBeNegative: true,
    comparesTenants: true,
    derive: deriveFrom(['request'], deriveFairness),
    valueName: "latency beyond the busiest tenant's at that time",
    describeBad: ({ objective, unit }) =>
      `took ${objective} ${unit} or longer more than the busiest tenant's`,
    advice:
      'Look for what makes all tenants wait while one of them sends many requests: a lock, a connection pool, a queue without a share for each tenant.',
  },
} satisfies Record<string, MetricEntry>;

type TimedRequest = { line: RequestLine; latencyMs: number };

/** A request is compared with at most this many of the busiest tenant's requests, those that were sent around it. */
const NEIGHBOURS = 5;

/**
 * By how much each answered request of the other tenants took longer than the busiest tenant's requests of the same operation that were
 * sent around it, by their median. All of them meet the same machine and model at that moment, so only their treatment differs.
 * Where no tenant is busier than all others, there is none to compare with.
 */
function deriveFairness(given: Given<RequestLine>): Derived {
  const { lines: requests } = given;
  const answered = requests.filter(({ failure }) => failure === null);
  const busiest = findBusiestTenant(requests);
  if (busiest === undefined) return { observations: [], missing: answered.length };
  const timed = answered.flatMap((line) => {
    const latencyMs = readValue('latencyMs', line, given);
    return typeof latencyMs === 'number' ? [{ line, latencyMs }] : [];
  });
  const ofBusiest = timed.filter(({ line }) => line.tenant === busiest);
  const quiet = timed.filter(({ line }) => line.tenant !== busiest);
  const byOperation = Map.groupBy(ofBusiest, ({ line }) => line.operation);
  const observations = quiet.flatMap(({ line, latencyMs }): Observation[] => {
    const neighbours = findNeighbours(line, byOperation.get(line.operation) ?? []);
    if (neighbours.length === 0) return [];
    const busiestMs = median(neighbours.map((neighbour) => neighbour.latencyMs));
    return [{ line, value: latencyMs - busiestMs }];
  });
  // A request without a time is missing on both sides of the comparison.
  const untimed = answered.length - timed.length;
  return { observations, missing: untimed + quiet.length - observations.length };
}

function findBusiestTenant(requests: RequestLine[]): string | undefined {
  const counts = [...Map.groupBy(requests, ({ tenant }) => tenant)].map(
    ([tenant, all]) => [tenant, all.length] as const,
  );
  const [first, second] = counts.sort(([, a], [, b]) => b - a);
  return first === undefined || first[1] === second?.[1] ? undefined : first[0];
}

/** The requests that were sent around a request. @param others in the order of sending */
function findNeighbours({ sentAtMs }: RequestLine, others: TimedRequest[]): TimedRequest[] {
  const next = others.findIndex(({ line }) => line.sentAtMs >= sentAtMs);
  const middle = (next === -1 ? others.length : next) - Math.floor(NEIGHBOURS / 2);
  const first = Math.max(0, Math.min(middle, others.length - NEIGHBOURS));
  return others.slice(first, first + NEIGHBOURS);
}

function readLoadIsolation({ failure, isolated }: LoadRequest): LoadReading {
  if (isolated !== null) return { value: null, bad: !isolated };
  return failure === null ? 'missing' : null;
}
