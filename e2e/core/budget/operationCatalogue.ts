import type { Metric, MetricRegistry } from './metric.ts';

/** What a target may lack; each name is a key of `supports` in its budget. */
export const CAPABILITIES = ['api', 'ui', 'streaming', 'mockedAi', 'serverMetrics'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** What a budget may forbid; each name is a key of its `ceilings`. */
const PERMISSIONS = ['load', 'faults'] as const;
type Permission = (typeof PERMISSIONS)[number];

/** `embedded`: the harness starts the product itself. */
export type Need = Capability | Permission | 'embedded';

/** An operation of a product, or a situation that it is put into: which workload measures it, and the metrics it has. */
type CataloguedOperation = {
  /** Null: every workload does. */
  workload: string | null;
  /** Its requests are those of every operation. */
  spans?: boolean;
  /** Requests of it can be sent under load. */
  sent?: true;
  /** Its workload is a load, which the budget describes; `search` looks for the knee. */
  load?: 'steady' | 'search';
  /** The fault that its requests are under, or `*` for any; left out: none. */
  fault?: string;
  /** For each metric, what a target must support, and its budget allow, for it to be measured. */
  metrics: Record<string, Need[]>;
  /** Gaps that a budget may admit, by the metric that shows whether it is open. */
  gaps?: Record<string, string>;
};

/** The operations of a product, and the metrics that their names stand for. */
export type OperationCatalogue = {
  metrics: MetricRegistry;
  operations: Record<string, CataloguedOperation>;
};

/** A fault of any name. */
export const ANY_FAULT = '*';

/** An objective that could be set, and what it takes to measure it. */
export type ObjectiveId = {
  id: string;
  operation: string;
  workload: string | null;
  fault: string | null;
  spans: boolean;
  gap: string | null;
  metric: Metric;
  /** In (0, 1) for quantiles, else null. */
  quantile: number | null;
  needs: Need[];
};

/** Every objective id that a product's operations allow. */
export function objectiveIds({ metrics, operations }: OperationCatalogue): ObjectiveId[] {
  return Object.entries(operations).flatMap(([operation, entry]) =>
    Object.entries(entry.metrics).flatMap(([name, needs]) => {
      const metric = metrics[name];
      if (metric === undefined) throw new Error(`${operation} has an unknown metric, ${name}`);
      return metric.statistics.map((statistic) => ({
        id: [operation, name, statistic].filter((part) => part !== '').join('.'),
        operation,
        ...selectionOf(entry),
        gap: entry.gaps?.[name] ?? null,
        metric,
        quantile: metric.kind === 'quantile' ? Number(statistic.slice(1)) / 100 : null,
        needs,
      }));
    }),
  );
}

/** Ids of the gaps that a product may admit. */
export function gapIds(catalogue: OperationCatalogue): string[] {
  return [...new Set(objectiveIds(catalogue).flatMap(({ gap }) => (gap === null ? [] : [gap])))];
}

function selectionOf({ workload, fault, spans = false }: CataloguedOperation) {
  return { workload, fault: fault ?? null, spans };
}
