import type { Metric, MetricRegistry } from './metric.ts';

/** What a target may lack; the keys of `supports` in its budget. */
export const CAPABILITIES = ['api', 'ui', 'streaming', 'mockedAi', 'serverMetrics'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** `load` and `faults`: permissions in the `ceilings` of a budget. `embedded`: the harness starts the product itself. */
export type Need = Capability | 'load' | 'faults' | 'embedded';

/** An operation of a product, or a situation that the harness creates, with the workload that measures it and its metrics. */
type CataloguedOperation = {
  /** The workload that measures it; null: all do. */
  workload: string | null;
  /** The requests of all operations belong to it. */
  spans?: boolean;
  /** Its requests can be sent under load. */
  sent?: true;
  /** Its workload is a load that the budget describes: a steady one, or a search for the knee. */
  load?: 'steady' | 'search';
  /** The fault under which its requests are sent, `*` for any; default: none. */
  fault?: string;
  /** For each metric, what the target must support and its budget must allow. */
  metrics: Record<string, Need[]>;
  /** Gaps that a budget may admit, by the metric that shows whether they are open. */
  gaps?: Record<string, string>;
};

export type OperationCatalogue = {
  metrics: MetricRegistry;
  operations: Record<string, CataloguedOperation>;
};

export const ANY_FAULT = '*';

/** An objective that a budget may contain, and what it takes to measure it. */
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

export function objectiveIds({ metrics, operations }: OperationCatalogue): ObjectiveId[] {
  return Object.entries(operations).flatMap(([operation, entry]) =>
    Object.entries(entry.metrics).flatMap(([name, needs]) => {
      const metric = metrics[name];
      if (metric === undefined) throw new Error(`${operation} has an unknown metric, ${name}`);
      return metric.statistics.map((statistic) => ({
        id: [operation, name, statistic].filter((part) => part !== '').join('.'),
        operation,
        workload: entry.workload,
        fault: entry.fault ?? null,
        spans: entry.spans ?? false,
        gap: entry.gaps?.[name] ?? null,
        metric,
        quantile: metric.kind === 'quantile' ? Number(statistic.slice(1)) / 100 : null,
        needs,
      }));
    }),
  );
}

export function gapIds(catalogue: OperationCatalogue): string[] {
  return [...new Set(objectiveIds(catalogue).flatMap(({ gap }) => (gap === null ? [] : [gap])))];
}
