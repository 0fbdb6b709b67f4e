import type { MetricName } from '../budget/metrics.ts';

/**
 * What an objective counts under a load: each request, each second, windows of as many requests, the steps of a search, or readings of the
 * memory of the target's process.
 */
export type LoadUnit = 'request' | 'second' | 'window' | 'step' | 'reading';

/** A window of fewer requests has no median worth the name. */
export const FEWEST_IN_WINDOW = 20;

const UNITS: Partial<Record<MetricName, LoadUnit>> = {
  latency: 'request',
  serviceTime: 'request',
  ownTime: 'request',
  availability: 'request',
  isolation: 'request',
  stall: 'second',
  latencyGrowth: 'window',
  rate: 'step',
  growth: 'reading',
  footprint: 'reading',
};

/** Null for a metric that no load is judged by. */
export function loadUnitOf({ metric }: { metric: MetricName }): LoadUnit | null {
  return UNITS[metric] ?? null;
}
