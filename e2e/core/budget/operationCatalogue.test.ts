import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../metrics/metrics.ts';
import { BROKEN_SHOP, SHOP } from '../testing/shopBudget.ts';
import { gapIds, objectiveIds } from './operationCatalogue.ts';

test('every id that the operations allow, once', () => {
  const ids = objectiveIds(SHOP).map(({ id }) => id);
  assert.deepEqual(ids, [
    ...['p50', 'p75', 'p90', 'p95', 'p99'].map((statistic) => `search.latency.${statistic}`),
    ...['p50', 'p75', 'p90', 'p95', 'p99'].map((statistic) => `search.ownTime.${statistic}`),
    'search.modelCalls.perRequest',
    'shop.availability',
  ]);
});

test('an id says what it is about and what a target must have for it', () => {
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

test('a situation says which fault it is, and which gap its metrics show', () => {
  const ids = objectiveIds(BROKEN_SHOP).map(({ id, fault, gap, spans, quantile }) => {
    return [id, fault, gap, spans, quantile];
  });
  assert.deepEqual(ids.slice(-3), [
    ['down.retried', 'down', 'retries', true, null],
    ['down.gapGrowth.p50', 'down', 'retries', true, 0.5],
    ['down.timeout', 'down', 'time-outs', true, null],
  ]);
});

test('the gaps that a product may admit, once each', () => {
  assert.deepEqual(gapIds(BROKEN_SHOP), ['retries', 'time-outs']);
  assert.deepEqual(gapIds(SHOP), []);
});
