import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHOP } from '../testing/shopBudget.ts';
import { objectiveIds } from './objectiveIds.ts';

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
      metric: 'ownTime',
      quantile: 0.99,
      needs: ['api', 'mockedAi'],
    },
  );
  assert.equal(ids.at(-1)?.quantile, null);
});
