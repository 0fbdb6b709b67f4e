import { median } from '../../statistics/median.ts';
import type { RequestLine } from '../recordLine.ts';
import type { Derivation, Observation } from './derivation.ts';

/**
 * Of each answered request of any tenant but the busiest: how much longer it took than that tenant's of the same operation do at the
 * median. Both meet the same machine and the same model, so what differs is how they were treated. Where no tenant is busier than all
 * others, there is none to compare with.
 */
export const fairness: Derivation = ({ requests }) => {
  const answered = requests.filter(({ failure }) => failure === null);
  const busiest = busiestOf(requests);
  if (busiest === undefined) return { observations: [], missing: answered.length };
  const timed = answered.filter(({ values }) => values.latencyMs !== undefined);
  const [ofBusiest, quiet] = [isOf(timed, true), isOf(timed, false)];
  const medians = new Map(
    [...Map.groupBy(ofBusiest, ({ operation }) => operation)].map(([operation, all]) => [
      operation,
      median(all.map(latencyOf)),
    ]),
  );
  const observations = quiet.flatMap((request): Observation[] => {
    const usualMs = medians.get(request.operation);
    return usualMs === undefined ? [] : [{ request, value: latencyOf(request) - usualMs }];
  });
  // A hole in what they are held against is one in each of them.
  const untimed = answered.length - timed.length;
  return { observations, missing: untimed + quiet.length - observations.length };

  function isOf(all: RequestLine[], isBusiest: boolean): RequestLine[] {
    return all.filter(({ tenant }) => (tenant === busiest) === isBusiest);
  }
};

/** The tenant that sent more requests than any other; undefined where there is none. */
function busiestOf(requests: RequestLine[]): string | null | undefined {
  const counts = [...Map.groupBy(requests, ({ tenant }) => tenant)].map(
    ([tenant, all]) => [tenant, all.length] as const,
  );
  const [first, second] = counts.sort(([, a], [, b]) => b - a);
  return first === undefined || first[1] === second?.[1] ? undefined : first[0];
}

/** Of a request that is known to have one. */
function latencyOf({ values }: RequestLine): number {
  return values.latencyMs ?? Number.NaN;
}
