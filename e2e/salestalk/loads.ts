import type { MetricName } from '../core/budget/metrics.ts';
import type { Need, OperationCatalogue } from '../core/budget/operationCatalogue.ts';

/** A real model is paid for within the ceilings of the budget. */
const LOAD_NEEDS: Need[] = ['api', 'load'];
const LOAD_MEMORY_NEEDS: Need[] = [...LOAD_NEEDS, 'serverMetrics'];

/** The loads that a budget may describe, and what can be judged under each. */
export const LOADS = {
  /** Five tenants at once, as the test plan has it. */
  fiveTenants: underLoad('fiveTenants', ['latency', 'availability', 'isolation']),
  /** What SalesTalk is to keep up for as long as it lasts. */
  sustained: underLoad('sustained', [
    'latency',
    'serviceTime',
    'ownTime',
    'availability',
    'isolation',
    'stall',
  ]),
  /** The busiest time of the day that the product plans for. */
  peak: underLoad('peak', ['latency', 'availability', 'isolation']),
  /** A load that lasts: what grows with it. */
  soak: underLoad('soak', ['latency', 'latencyGrowth', 'availability', 'isolation', 'stall']),
  'soak.memory': {
    workload: 'soak',
    load: 'steady',
    metrics: { growth: LOAD_MEMORY_NEEDS, footprint: LOAD_MEMORY_NEEDS },
  },
  /** The highest rate that is kept up. */
  capacity: { workload: 'capacity', spans: true, load: 'search', metrics: { rate: LOAD_NEEDS } },
} satisfies OperationCatalogue;

/** A load that the budget describes under the same name. */
function underLoad(load: string, metrics: MetricName[]) {
  const needsOf = (metric: MetricName): Need[] =>
    metric === 'ownTime' ? [...LOAD_NEEDS, 'mockedAi'] : LOAD_NEEDS;
  return {
    workload: load,
    spans: true,
    load: 'steady',
    metrics: Object.fromEntries(metrics.map((metric) => [metric, needsOf(metric)])),
  } satisfies OperationCatalogue[string];
}
