import { median } from '../../statistics/quantile.ts';
import type { RequestLine } from '../measurementLine.ts';
import { deriveFrom, type Observation, readValue } from './derivation.ts';

/** Requests of the busiest tenant that one of another is held against: as many, at most, that were sent around it. */
const NEIGHBOURS = 5;

/**
 * Of each answered request of any tenant but the busiest: how much longer it took than that tenant's requests of the same operation that
 * were sent around it, by their median. They meet the same machine at the same moment and the same model, so what differs is how they
 * were treated. Where no tenant is busier than all others, there is none to compare with.
 */
export const fairness = deriveFrom(['request'], (given) => {
  const { lines: requests } = given;
  const answered = requests.filter(({ failure }) => failure === null);
  const busiest = busiestOf(requests);
  if (busiest === undefined) return { observations: [], missing: answered.length };
  const timed = answered.filter(
    (request) => typeof readValue('latencyMs', request, given) === 'number',
  );
  const [ofBusiest, quiet] = [isOf(timed, true), isOf(timed, false)];
  const byOperation = Map.groupBy(ofBusiest, ({ operation }) => operation);
  const observations = quiet.flatMap((request): Observation[] => {
    const around = neighboursOf(request, byOperation.get(request.operation) ?? []);
    if (around.length === 0) return [];
    return [{ line: request, value: latencyOf(request) - median(around.map(latencyOf)) }];
  });
  // A hole in what they are held against is one in each of them.
  const untimed = answered.length - timed.length;
  return { observations, missing: untimed + quiet.length - observations.length };

  function isOf(all: RequestLine[], isBusiest: boolean): RequestLine[] {
    return all.filter(({ tenant }) => (tenant === busiest) === isBusiest);
  }
});

/** The tenant that sent more requests than any other; undefined where there is none. */
function busiestOf(requests: RequestLine[]): string | undefined {
  const counts = [...Map.groupBy(requests, ({ tenant }) => tenant)].map(
    ([tenant, all]) => [tenant, all.length] as const,
  );
  const [first, second] = counts.sort(([, a], [, b]) => b - a);
  return first === undefined || first[1] === second?.[1] ? undefined : first[0];
}

/** Those of `others`, which stand in the order of sending, that were sent around a request. */
function neighboursOf({ sentAtMs }: RequestLine, others: RequestLine[]): RequestLine[] {
  const next = others.findIndex((other) => other.sentAtMs >= sentAtMs);
  const middle = (next === -1 ? others.length : next) - Math.floor(NEIGHBOURS / 2);
  const first = Math.max(0, Math.min(middle, others.length - NEIGHBOURS));
  return others.slice(first, first + NEIGHBOURS);
}

/** Of a request that is known to have one. */
function latencyOf({ values }: RequestLine): number {
  return values.latencyMs ?? Number.NaN;
}
