import { METRICS, type MetricName } from '../../metrics/metrics.ts';
import type { Objective } from '../budget/objective.ts';

export const latencyP95: Objective = {
  id: 'classify.latency.p95',
  operation: 'classify',
  workload: null,
  fault: null,
  spans: false,
  gap: null,
  metric: METRICS.latency,
  unit: 'ms',
  objective: 2000,
  quantile: 0.95,
  allowedShare: 0.05,
  sampleBudget: 59,
  onInconclusive: 'fail',
};

export const availability: Objective = {
  id: 'api.availability',
  operation: 'api',
  workload: null,
  fault: null,
  spans: true,
  gap: null,
  metric: METRICS.availability,
  unit: 'share',
  objective: 0.999,
  quantile: null,
  allowedShare: 0.001,
  sampleBudget: 2995,
  onInconclusive: 'fail',
};

export const metadataAccuracy: Objective = {
  ...availability,
  id: 'classify.metadata.accuracy',
  operation: 'classify',
  spans: false,
  metric: METRICS.metadata,
  objective: 0.95,
  allowedShare: 0.05,
  sampleBudget: 59,
};

export const modelCallsPerRequest: Objective = {
  ...availability,
  id: 'chat.modelCalls.perRequest',
  operation: 'chat',
  spans: false,
  metric: METRICS.modelCalls,
  unit: 'calls',
  objective: 2,
  allowedShare: 0,
  sampleBudget: 59,
};

/** Less than 10 % more than in a baseline of five runs of about 340 ms. */
export const latencyRegression: Objective = {
  ...latencyP95,
  id: 'classify.latencyRegression',
  metric: METRICS.latencyRegression,
  unit: '×',
  objective: 1.1,
  quantile: null,
  allowedShare: 0,
  sampleBudget: 3,
  onInconclusive: 'report',
  baseline: {
    unit: 'ms',
    sets: [{ name: 'baseline', until: '2026-11-29', values: [331, 340, 349, 338, 342] }],
  },
};

/** An objective of any metric, on requests under the fault `down`: of quantiles the P95, or the P50 where more is better. */
export function underFault(name: MetricName, limit = 0, parts: Partial<Objective> = {}): Objective {
  const metric = METRICS[name];
  const { kind, unit, wantsMore } = metric;
  const isQuantile = kind === 'quantile';
  const isMiddle = wantsMore === true;
  return {
    ...availability,
    id: `down.${name}`,
    operation: 'down',
    workload: 'down',
    fault: 'down',
    metric,
    unit,
    objective: limit,
    quantile: isQuantile ? (isMiddle ? 0.5 : 0.95) : null,
    allowedShare: isQuantile ? (isMiddle ? 0.5 : 0.05) : 0,
    sampleBudget: 20,
    ...parts,
  };
}
