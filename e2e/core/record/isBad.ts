import { metricOf } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';

/**
 * A value is bad at the objective of a quantile, and not beyond it alone: "under 2000 ms" is not met by 2000 ms. Where not one may exceed
 * the objective, it is bad beyond. Of a rate, the value is how long a request took, which is held against what its P95 must stay below.
 */
export function isBad(value: number, { metric, objective, keptBelowMs = 0 }: Objective): boolean {
  const { kind, wantsMore } = metricOf(metric);
  if (kind === 'capacity') return value >= keptBelowMs;
  // No single value grows.
  if (kind === 'growth') return false;
  if (kind !== 'quantile') return value > objective;
  return wantsMore === true ? value <= objective : value >= objective;
}
