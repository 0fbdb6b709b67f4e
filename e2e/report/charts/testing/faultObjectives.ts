import type { Objective } from '../../../core/budget/objective.ts';
import { modelCallsPerRequest } from '../../../core/testing/objectives.ts';
import { METRICS } from '../../../metrics/metrics.ts';

/** Every request that meets a broken model must be tried again. */
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

/** More is better: waits between attempts must grow. */
export const gapGrowth: Objective = {
  ...retried,
  id: 'brokenModel.gapGrowth.p50',
  metric: METRICS.gapGrowth,
  unit: '×',
  objective: 1.4,
  quantile: 0.5,
  allowedShare: 0.5,
};

/** The heap must not grow from one use to the next. */
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

/** Medians of windows of `perWindow` requests, which grow by `msPer1000` per thousand requests. The noise is the same at each call. */
export function windowMedians(windows: number, perWindow: number, msPer1000: number): number[] {
  return Array.from(
    { length: windows },
    (_, at) => 62.5 + (at * perWindow * msPer1000) / 1000 + 0.4 * Math.sin(at * at),
  );
}

/** Bytes in use after each of `uses`, each of which keeps `keptBytes`. The noise is the same at each call. */
export function heapSizes(uses: number, keptBytes: number): number[] {
  return Array.from(
    { length: uses },
    (_, at) => 5_200_000 + at * keptBytes + Math.round(2500 * Math.sin(at * at)),
  );
}
