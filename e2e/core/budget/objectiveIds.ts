import { type MetricName, metricOf } from './metrics.ts';
import type { CataloguedOperation, Need, OperationCatalogue } from './operationCatalogue.ts';

/** An objective that could be set, and what it takes to measure it. */
export type ObjectiveId = {
  id: string;
  operation: string;
  workload: string | null;
  fault: string | null;
  spans: boolean;
  gap: string | null;
  metric: MetricName;
  /** In (0, 1) for quantiles, else null. */
  quantile: number | null;
  needs: Need[];
};

/** Every objective id that a product's operations allow. */
export function objectiveIds(catalogue: OperationCatalogue): ObjectiveId[] {
  return Object.entries(catalogue).flatMap(([operation, entry]) =>
    (Object.entries(entry.metrics) as [MetricName, Need[]][]).flatMap(([metric, needs]) =>
      metricOf(metric).statistics.map((statistic) => ({
        id: [operation, metric, statistic].filter((part) => part !== '').join('.'),
        operation,
        ...selectionOf(entry),
        gap: entry.gaps?.[metric] ?? null,
        metric,
        quantile: metricOf(metric).kind === 'quantile' ? Number(statistic.slice(1)) / 100 : null,
        needs,
      })),
    ),
  );
}

/** Ids of the gaps that a product may admit. */
export function gapIds(catalogue: OperationCatalogue): string[] {
  return [...new Set(objectiveIds(catalogue).flatMap(({ gap }) => (gap === null ? [] : [gap])))];
}

function selectionOf({ workload, fault, spans = false }: CataloguedOperation) {
  return { workload, fault: fault ?? null, spans };
}
