import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../metrics/metrics.ts';
import { availability, latencyP95, modelCallsPerRequest } from '../testing/objectives.ts';
import { BROKEN_SHOP, SHOP } from '../testing/shopBudget.ts';
import { describeObjective, type Objective } from './objective.ts';
import { gapIds, objectiveIds } from './operationCatalogue.ts';

test('an objective is described in words', () => {
  const weight: Objective = {
    ...modelCallsPerRequest,
    operation: 'page',
    metric: METRICS.weight,
    unit: 'B',
    objective: 150_000,
  };
  const rate: Objective = {
    ...modelCallsPerRequest,
    operation: 'capacity',
    metric: METRICS.rate,
    unit: 'requests/s',
    objective: 60,
    keptBelowMs: 200,
  };
  assert.deepEqual(
    [latencyP95, availability, modelCallsPerRequest, weight, rate].map(describeObjective),
    [
      'classify latency P95 < 2000 ms',
      'api availability > 99.9 %',
      'chat model calls ≤ 2 calls',
      'page weight ≤ 150,000 B',
      'capacity rate > 60 requests/s at a P95 < 200 ms',
    ],
  );
});

test('every objective id that the operations allow is listed once', () => {
  const ids = objectiveIds(SHOP).map(({ id }) => id);
  assert.deepEqual(ids, [
    ...['p50', 'p75', 'p90', 'p95', 'p99'].map((statistic) => `search.latency.${statistic}`),
    ...['p50', 'p75', 'p90', 'p95', 'p99'].map((statistic) => `search.ownTime.${statistic}`),
    'search.modelCalls.perRequest',
    'shop.availability',
  ]);
});

test('an objective id has its operation, metric and needs', () => {
  const ids = objectiveIds(SHOP);
  assert.deepEqual(
    ids.find(({ id }) => id === 'search.ownTime.p99'),
    {
      id: 'search.ownTime.p99',
      operation: 'search',
      workload: 'browsing',
      fault: null,
      spans: false,
      gap: null,
      metric: METRICS.ownTime,
      quantile: 0.99,
      needs: ['api', 'mockedAi'],
    },
  );
  assert.equal(ids.at(-1)?.quantile, null);
});

test('an operation under a fault has the fault and the gaps that its metrics show', () => {
  const ids = objectiveIds(BROKEN_SHOP).map(({ id, fault, gap, spans, quantile }) => {
    return [id, fault, gap, spans, quantile];
  });
  assert.deepEqual(ids.slice(-3), [
    ['down.retried', 'down', 'retries', true, null],
    ['down.gapGrowth.p50', 'down', 'retries', true, 0.5],
    ['down.timeout', 'down', 'time-outs', true, null],
  ]);
});

test('each gap that a product may admit is listed once', () => {
  assert.deepEqual(gapIds(BROKEN_SHOP), ['retries', 'time-outs']);
  assert.deepEqual(gapIds(SHOP), []);
});
