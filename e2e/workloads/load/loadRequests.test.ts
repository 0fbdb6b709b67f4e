import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSchema } from '../../core/budget/loadSchema.ts';
import { LOAD_OPERATIONS } from '../../salestalk/operations.ts';
import { QUESTIONS } from '../../salestalk/questions.ts';
import { countBy } from '../../testing/withFakes.ts';
import { createRequestPlanner } from './loadRequests.ts';

const TENANTS = ['tenant-a', 'tenant-b', 'tenant-c', 'tenant-d'];
const MANY = 20_000;

function plansOf(
  scenarios: object[],
  model: object = { arrivals: { model: 'constant', rate: 10 } },
) {
  const load = loadSchema(LOAD_OPERATIONS).parse({
    scenarios,
    ...model,
    durationSeconds: 10,
  });
  const planRequest = createRequestPlanner('sustained', load, TENANTS);
  return Array.from({ length: MANY }, (_, index) => planRequest(index));
}

/** Within five standard deviations. */
function assertShare(count: number | undefined, share: number): void {
  const tolerance = 5 * Math.sqrt((share * (1 - share)) / MANY);
  assert.ok(Math.abs((count ?? 0) / MANY - share) < tolerance, `${count} of ${MANY}, not ${share}`);
}

test('a request depends on its index alone, and differs from the next', () => {
  const load = loadSchema(LOAD_OPERATIONS).parse({
    scenarios: [{ operations: { classify: 1, chat: 1 } }],
    users: 3,
    durationSeconds: 10,
  });
  const [first, second] = [
    createRequestPlanner('soak', load, TENANTS),
    createRequestPlanner('soak', load, TENANTS),
  ];
  for (const index of [0, 1, 17, 1_000_000]) assert.deepEqual(first(index), second(index));
  const plans = Array.from({ length: 40 }, (_, index) => JSON.stringify(first(index)));
  assert.ok(new Set(plans).size > 10);
});

test('operations, scenarios and tenants occur in proportion to their shares', () => {
  const plans = plansOf([
    { share: 3, operations: { classify: 1, chat: 3 }, tenantShares: [6, 2, 2] },
    { operations: { narrative: 1 }, tenantShares: [1] },
  ]);
  const operations = countBy(plans, ({ operation }) => operation);
  assertShare(operations.narrative, 0.25);
  assertShare(operations.chat, 0.75 * 0.75);
  const tenants = countBy(plans, ({ tenant }) => tenant);
  assert.deepEqual(Object.keys(tenants), ['tenant-a', 'tenant-b', 'tenant-c']);
  assertShare(tenants['tenant-b'], 0.75 * 0.2);
});

test('by default all tenants ask equally often, with the questions of the harness', () => {
  const plans = plansOf([{ operations: { classify: 1 } }]);
  for (const tenant of TENANTS) assertShare(countBy(plans, (plan) => plan.tenant)[tenant], 0.25);
  assert.deepEqual(new Set(plans.map(({ question }) => question)), new Set(QUESTIONS));
});

test('users pause as long as the scenario of their request says, and by default not at all', () => {
  const plans = plansOf(
    [
      { operations: { classify: 1 } },
      { operations: { narrative: 1 }, thinkSeconds: { min: 2, max: 4 } },
    ],
    { users: 3 },
  );
  const pauses = Map.groupBy(plans, ({ operation }) => operation);
  const of = (operation: 'classify' | 'narrative') =>
    (pauses.get(operation) ?? []).map(({ thinkMs }) => thinkMs);
  assert.deepEqual(new Set(of('classify')), new Set([0]));
  assert.ok(of('narrative').every((ms) => ms >= 2000 && ms < 4000));
  assert.ok(Math.max(...of('narrative')) - Math.min(...of('narrative')) > 1900);
});

test('the questions of a scenario replace those of the harness', () => {
  const plans = plansOf([{ operations: { classify: 1 }, questions: ['What is Q3 revenue?'] }]);
  assert.ok(plans.every(({ question }) => question === 'What is Q3 revenue?'));
});
