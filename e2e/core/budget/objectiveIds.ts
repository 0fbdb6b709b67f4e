import { METRICS, type MetricName } from './metrics.ts';
import type { Capability, OperationCatalogue } from './operationCatalogue.ts';

/** Statistics that an objective may be set on, by kind of metric; the empty one leaves the id at `<operation>.<metric>`. */
const STATISTICS = {
  quantile: ['p50', 'p75', 'p90', 'p95', 'p99'],
  share: { metadata: 'accuracy', availability: '' },
  count: 'perRequest',
} as const;

/** An objective that could be set, and what it takes to measure it. */
export type ObjectiveId = {
  id: string;
  operation: string;
  workload: string | null;
  metric: MetricName;
  /** In (0, 1) for quantiles, else null. */
  quantile: number | null;
  needs: Capability[];
};

/** Every objective id that a product's operations allow. */
export function objectiveIds(catalogue: OperationCatalogue): ObjectiveId[] {
  return Object.entries(catalogue).flatMap(([operation, { workload, metrics }]) =>
    (Object.entries(metrics) as [MetricName, Capability[]][]).flatMap(([metric, needs]) =>
      statisticsOf(metric).map((statistic) => ({
        id: [operation, metric, statistic].filter((part) => part !== '').join('.'),
        operation,
        workload,
        metric,
        quantile: METRICS[metric].kind === 'quantile' ? Number(statistic.slice(1)) / 100 : null,
        needs,
      })),
    ),
  );
}

function statisticsOf(metric: MetricName): readonly string[] {
  const { kind } = METRICS[metric];
  if (kind === 'quantile') return STATISTICS.quantile;
  if (kind === 'count') return [STATISTICS.count];
  return [STATISTICS.share[metric as keyof typeof STATISTICS.share]];
}
