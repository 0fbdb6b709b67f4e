import type { MetricName } from './metrics.ts';

/** What a target may lack; each name is a key of `supports` in its budget. */
export const CAPABILITIES = ['api', 'ui', 'streaming', 'mockedAi', 'serverMetrics'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** An operation of a product: which workload measures it, and the metrics it has. */
export type CataloguedOperation = {
  /** Null: every workload does. */
  workload: string | null;
  /** For each metric, what a target must support for it to be measured. */
  metrics: Partial<Record<MetricName, Capability[]>>;
};

export type OperationCatalogue = Record<string, CataloguedOperation>;
