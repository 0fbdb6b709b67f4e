import type { Objective } from '../budget/objective.ts';

export const latencyP95: Objective = {
  id: 'classify.latency.p95',
  operation: 'classify',
  workload: null,
  fault: null,
  spans: false,
  gap: null,
  metric: 'latency',
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
  metric: 'availability',
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
  metric: 'metadata',
  objective: 0.95,
  allowedShare: 0.05,
  sampleBudget: 59,
};

export const modelCallsPerRequest: Objective = {
  ...availability,
  id: 'chat.modelCalls.perRequest',
  operation: 'chat',
  spans: false,
  metric: 'modelCalls',
  unit: 'calls',
  objective: 2,
  allowedShare: 0,
  sampleBudget: 59,
};
