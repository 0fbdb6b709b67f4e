import { median } from '../../statistics/median.ts';
import type { RequestLine } from '../recordLine.ts';
import type { Derivation, Observation } from './derivation.ts';

/**
 * Of each answered request of any tenant but the busiest: how much longer it took than that tenant's of the same operation do at the
 * median. Both meet the same machine and the same model, so what differs is how they were treated.
 */
export const fairness: Derivation = ({ requests }) => {
  const answered = requests.filter(({ failure }) => failure === null);
  const busiest = busiestOf(requests);
  const medians = new Map(
    [...Map.groupBy(answered, ({ operation }) => operation)].map(([operation, all]) => {
      const latencies = all.filter(({ tenant }) => tenant === busiest).map(latencyOf);
      return [operation, latencies.length === 0 ? undefined : median(latencies)];
    }),
  );
  const quiet = answered.filter(({ tenant }) => tenant !== busiest);
  const observations = quiet.flatMap((request): Observation[] => {
    const usualMs = medians.get(request.operation);
    return usualMs === undefined ? [] : [{ request, value: latencyOf(request) - usualMs }];
  });
  return { observations, missing: quiet.length - observations.length };
};

function busiestOf(requests: RequestLine[]): string | null | undefined {
  const byTenant = [...Map.groupBy(requests, ({ tenant }) => tenant)];
  return byTenant.sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
}

function latencyOf({ values }: RequestLine): number {
  return values.latencyMs ?? Number.NaN;
}
