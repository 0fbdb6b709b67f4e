import type { Objective } from '../../../core/budget/objective.ts';
import { modelCallsPerRequest } from '../../../core/testing/objectives.ts';
import { METRICS } from '../../../metrics/metrics.ts';

/** Not one request that meets a broken model may go without a second attempt. */
export const retried: Objective = {
  ...modelCallsPerRequest,
  id: 'brokenModel.retried',
  operation: 'brokenModel',
  workload: 'brokenModel',
  fault: 'brokenModel',
  spans: true,
  gap: 'retry-backoff',
  metric: METRICS.retried,
  unit: 'share',
  objective: 0,
  sampleBudget: 20,
};

/** What must not take longer than it may. */
export const refusal: Objective = {
  ...retried,
  id: 'brokenModel.refusal',
  gap: null,
  metric: METRICS.refusal,
  unit: 'ms',
  objective: 9000,
};

export const attemptRate: Objective = {
  ...refusal,
  id: 'brokenModel.attemptRate',
  metric: METRICS.attemptRate,
  unit: 'calls/s',
  objective: 5,
};

/** What must be more than it has to be. */
export const gapGrowth: Objective = {
  ...retried,
  id: 'brokenModel.gapGrowth.p50',
  metric: METRICS.gapGrowth,
  unit: '×',
  objective: 1.4,
  quantile: 0.5,
  allowedShare: 0.5,
};

/** What must not grow from one use to the next. */
export const heapGrowth: Objective = {
  ...retried,
  id: 'page.heap.growth',
  operation: 'page.heap',
  workload: 'pageHeap',
  fault: null,
  gap: null,
  metric: METRICS.growth,
  unit: 'B/use',
  objective: 1000,
};

/** The median latency under load, which must not grow with the requests. */
export const latencyGrowth: Objective = {
  ...heapGrowth,
  id: 'soak.latencyGrowth',
  operation: 'soak',
  workload: 'soak',
  metric: METRICS.latencyGrowth,
  unit: 'ms/1,000 requests',
  objective: 0.5,
};

/** Medians of windows of `perWindow` requests that grow by `msPer1000` a thousand requests, with the same noise at each call. */
export function mediansOf(windows: number, perWindow: number, msPer1000: number): number[] {
  return Array.from(
    { length: windows },
    (_, at) => 62.5 + (at * perWindow * msPer1000) / 1000 + 0.4 * Math.sin(at * at),
  );
}

/** Bytes in use after each of `uses` that each keep `keptBytes`, with the same noise at each call. */
export function heapOf(uses: number, keptBytes: number): number[] {
  return Array.from(
    { length: uses },
    (_, at) => 5_200_000 + at * keptBytes + Math.round(2500 * Math.sin(at * at)),
  );
}
