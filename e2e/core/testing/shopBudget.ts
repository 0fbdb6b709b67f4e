import { METRICS } from '../../metrics/metrics.ts';
import type { OperationCatalogue } from '../budget/operationCatalogue.ts';

/** A product with two operations, and metrics of several kinds. */
export const SHOP: OperationCatalogue = {
  metrics: METRICS,
  operations: {
    search: {
      workload: 'browsing',
      metrics: { latency: ['api'], ownTime: ['api', 'mockedAi'], modelCalls: ['api', 'mockedAi'] },
    },
    shop: { workload: null, spans: true, metrics: { availability: ['api'] } },
  },
};

/** The shop while its model is down, with two possible gaps. */
export const BROKEN_SHOP: OperationCatalogue = {
  metrics: METRICS,
  operations: {
    ...SHOP.operations,
    down: {
      workload: 'down',
      spans: true,
      fault: 'down',
      metrics: {
        retried: ['api', 'faults'],
        gapGrowth: ['api', 'faults'],
        timeout: ['api', 'faults'],
      },
      gaps: { retried: 'retries', gapGrowth: 'retries', timeout: 'time-outs' },
    },
  },
};

/** The shop under a steady load, and in a search for its capacity. */
export const BUSY_SHOP: OperationCatalogue = {
  metrics: METRICS,
  operations: {
    search: { workload: 'browsing', sent: true, metrics: { latency: ['api'] } },
    order: { workload: 'browsing', sent: true, metrics: { latency: ['api'] } },
    sale: { workload: 'sale', load: 'steady', spans: true, metrics: { latency: ['api', 'load'] } },
    limit: { workload: 'limit', load: 'search', spans: true, metrics: { rate: ['api', 'load'] } },
  },
};

/** A load of a budget, which tests change. */
export function saleLoad() {
  return {
    scenarios: [{ operations: { search: 3, order: 1 } }],
    arrivals: { model: 'constant', rate: 20 },
    durationSeconds: 60,
  };
}

/** The content of a valid budget file of the shop, which tests change. */
export function shopBudget() {
  return {
    hosts: ['shop.example', '127.0.0.1:8080', '[::1]'],
    supports: { api: true, ui: true, streaming: false, mockedAi: true, serverMetrics: false },
    ceilings: {
      requestsPerSecond: 10,
      requestsPerRun: 1000,
      durationSeconds: 60,
      paidModelCalls: 0,
      load: false,
      faults: false,
    },
    objectives: {
      'search.latency.p50': { belowMs: 1000, sampleBudget: 65 },
      'search.latency.p95': { belowMs: 2000, sampleBudget: 65 },
      'search.ownTime.p95': { belowMs: 50, sampleBudget: 65 },
      'search.modelCalls.perRequest': { atMostCalls: 1, sampleBudget: 65 },
      'shop.availability': { aboveShare: 0.95, sampleBudget: 65, onInconclusive: 'report' },
    } as Record<string, Record<string, unknown>>,
  };
}

export type ShopBudget = ReturnType<typeof shopBudget>;
