import type { MetricName } from './metrics.ts';

/** What a target may lack; each name is a key of `supports` in its budget. */
export const CAPABILITIES = ['api', 'ui', 'streaming', 'mockedAi', 'serverMetrics'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** What a budget may forbid; each name is a key of its `ceilings`. */
export const PERMISSIONS = ['load', 'faults'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** `embedded`: the harness starts the product itself. */
export type Need = Capability | Permission | 'embedded';

/** An operation of a product, or a situation that it is put into: which workload measures it, and the metrics it has. */
export type CataloguedOperation = {
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
  metrics: Partial<Record<MetricName, Need[]>>;
  /** Gaps that a budget may admit, by the metric that shows whether it is open. */
  gaps?: Partial<Record<MetricName, string>>;
};

export type OperationCatalogue = Record<string, CataloguedOperation>;

/** A fault of any name. */
export const ANY_FAULT = '*';
