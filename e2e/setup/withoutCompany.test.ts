import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS, type MetricName } from '../core/budget/metrics.ts';
import type { Objective } from '../core/budget/objective.ts';
import { loadSchema } from '../core/load/loadSchema.ts';
import { availability, latencyP95 } from '../core/testing/objectives.ts';
import { LOAD_OPERATIONS } from '../salestalk/operations.ts';
import { withoutCompany } from './withoutCompany.ts';

const of = (metric: MetricName): Objective => ({
  ...availability,
  id: `tenants.${metric}`,
  metric,
});
const excused = [{ id: 'chat.ownTime.p95', reason: 'target has no mockedAi' }];
const resolved = {
  objectives: [of('isolation'), latencyP95, of('fairness'), availability],
  notMeasured: excused,
};
const REASON = 'target has one tenant, and it takes two';
const without = { loads: {} };

test('with company, all is measured', () => {
  for (const tenants of [
    ['acme', 'tech'],
    ['acme', 'tech', 'third'],
  ])
    assert.deepEqual(withoutCompany(resolved, { ...without, tenants }), resolved);
});

test('one tenant alone shows neither isolation nor fairness, and it is said why', () => {
  assert.deepEqual(withoutCompany(resolved, { ...without, tenants: ['acme'] }), {
    objectives: [latencyP95, availability],
    notMeasured: [
      ...excused,
      { id: 'tenants.isolation', reason: REASON },
      { id: 'tenants.fairness', reason: REASON },
    ],
  });
});

test('every other metric is measured of one tenant as well, and none gets lost', () => {
  const objectives = (Object.keys(METRICS) as MetricName[]).map(of);
  const left = withoutCompany({ objectives, notMeasured: [] }, { ...without, tenants: ['acme'] });
  assert.deepEqual(
    left.notMeasured.map(({ id }) => id),
    ['tenants.isolation', 'tenants.fairness'],
  );
  assert.equal(left.objectives.length, objectives.length - 2);
});

test('a load that more tenants share than there are is not measured, and the rest is', () => {
  const sustained = loadSchema(LOAD_OPERATIONS).parse({
    scenarios: [{ operations: { chat: 1 }, tenantShares: [1, 1, 1] }],
    arrivals: { model: 'constant', rate: 10 },
    durationSeconds: 10,
  });
  const shared = { ...latencyP95, id: 'sustained.latency.p95', workload: 'sustained' };
  const given = { objectives: [shared, availability], notMeasured: [] };
  const loads = { sustained };
  assert.deepEqual(withoutCompany(given, { loads, tenants: ['a', 'b'] }), {
    objectives: [availability],
    notMeasured: [
      {
        id: 'sustained.latency.p95',
        reason:
          'the load "sustained" takes 3 tenants, and there are tokens for 2 (SALESTALK_TENANTS, SALESTALK_TOKENS)',
      },
    ],
  });
  assert.deepEqual(withoutCompany(given, { loads, tenants: ['a', 'b', 'c'] }), given);
});
