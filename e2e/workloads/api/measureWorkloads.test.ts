import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Objective } from '../../core/budget/objective.ts';
import type { RunLine } from '../../core/record/recordLine.ts';
import { availability, latencyP95 } from '../../core/testing/objectives.ts';
import { runOf } from '../../core/testing/recordOf.ts';
import { scopeOf, seedOf } from '../recordWorkload.ts';
import { planObjectives, refuseImpossibleObjectives } from './measureWorkloads.ts';
import type { Workload } from './plan.ts';
import { type Plan, planWorkload } from './plan.ts';
import { requestsWorkload } from './workloads.ts';

const TENANTS = ['acme-corp-001', 'techstart-inc-002', 'tenant-0001'];

function workloadOf(parts: Partial<Workload> = {}): Workload {
  return {
    name: 'test',
    fault: null,
    serves: () => false,
    requests: { classify: 60, chat: 30, narrative: 10 },
    warmUpEach: 3,
    ratePerSecond: 50,
    model: [],
    ...parts,
  };
}

const operationsOf = (plan: Plan, wanted = (_: Plan[number]['item']) => true) =>
  plan.filter(({ item }) => wanted(item)).map(({ item }) => item.operation);

test('the same workload and tenants give the same plan, another name gives another', () => {
  assert.deepEqual(planWorkload(workloadOf(), TENANTS), planWorkload(workloadOf(), TENANTS));
  const other = planWorkload(workloadOf({ name: 'other' }), TENANTS);
  assert.notDeepEqual(planWorkload(workloadOf(), TENANTS), other);
});

test('a plan has the planned number of each operation, warm-ups first, and a no-op for every ten', () => {
  const counts = fc.record(
    {
      classify: fc.integer({ min: 0, max: 80 }),
      chat: fc.integer({ min: 0, max: 80 }),
      narrative: fc.integer({ min: 0, max: 80 }),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const property = fc.property(counts, fc.integer({ min: 0, max: 5 }), (requests, warmUpEach) => {
    const plan = planWorkload(workloadOf({ requests, warmUpEach }), TENANTS);
    const judged = operationsOf(plan, ({ warmUp }) => !warmUp);
    for (const [operation, count] of Object.entries(requests))
      assert.equal(judged.filter((one) => one === operation).length, count, operation);
    const warmUps = operationsOf(plan, ({ warmUp, operation }) => warmUp && operation !== 'noop');
    assert.equal(warmUps.length, warmUpEach * Object.keys(requests).length);
    const firstJudged = plan.findIndex(({ item }) => !item.warmUp);
    assert.ok(firstJudged === -1 || plan.slice(firstJudged).every(({ item }) => !item.warmUp));
    const noops = operationsOf(plan).filter((operation) => operation === 'noop').length;
    assert.equal(noops, Math.ceil((plan.length - noops) / 10));
  });
  fc.assert(property, { seed: 1 });
});

test('indexes count up, and times rise at the planned rate', () => {
  const plan = planWorkload(workloadOf(), TENANTS);
  plan.forEach(({ item, dueMs }, at) => {
    assert.equal(item.index, at);
    assert.ok(at === 0 || dueMs > (plan[at - 1]?.dueMs as number));
  });
  const last = plan.at(-1)?.dueMs as number;
  const meanGapMs = last / (plan.length - 1);
  // Each gap is 20 ms ± 50 %; five standard deviations of their mean.
  assert.ok(Math.abs(meanGapMs - 20) < (5 * 20 * 0.2887) / Math.sqrt(plan.length - 1));
});

test('operations are spread evenly over the plan', () => {
  const requests = { classify: 600, chat: 300, narrative: 100 };
  const plan = planWorkload(workloadOf({ requests }), TENANTS);
  const judged = operationsOf(plan, ({ warmUp, operation }) => !warmUp && operation !== 'noop');
  for (const [operation, count] of Object.entries(requests)) {
    let seen = 0;
    judged.forEach((one, at) => {
      if (one === operation) seen++;
      // By chance within its stride, an operation is never off by more than a stride of each other.
      const due = (count * (at + 1)) / judged.length;
      assert.ok(Math.abs(seen - due) <= 3, `${operation}: ${seen} of ${due} at ${at}`);
    });
  }
});

test('a plan uses every tenant and several questions', () => {
  const plan = planWorkload(workloadOf(), TENANTS);
  const tenants = Map.groupBy(plan, ({ item }) => item.tenant);
  assert.deepEqual([...tenants.keys()].sort(), TENANTS);
  for (const [tenant, entries] of tenants)
    assert.ok(entries.length > plan.length / 6, `${tenant}: ${entries.length}`);
  assert.ok(new Set(plan.map(({ item }) => item.question)).size > 2);
});

test('a workload without requests has an empty plan', () => {
  assert.deepEqual(planWorkload(workloadOf({ requests: {} }), TENANTS), []);
});

test('a scope depends on run and workload, a seed on the workload alone', () => {
  const scopes = [scopeOf('run-1', 'a'), scopeOf('run-1', 'b'), scopeOf('run-2', 'a')];
  assert.equal(new Set(scopes).size, 3);
  for (const scope of scopes) assert.match(scope, /^[0-9a-f]{8}$/);
  assert.equal(scopeOf('run-1', 'a'), scopes[0]);
  assert.ok(Number.isInteger(seedOf('a')) && seedOf('a') !== seedOf('b'));
});

const CEILINGS = {
  requestsPerSecond: 200,
  requestsPerRun: 20_000,
  durationSeconds: 600,
  paidModelCalls: 0,
  load: true,
  faults: true,
};

const p95: Objective = { ...latencyP95, workload: 'latencyBaseline', sampleBudget: 600 };
const chatP95: Objective = { ...p95, id: 'chat.latency.p95', operation: 'chat' };
const header = runOf([p95, chatP95, { ...availability, sampleBudget: 5000 }]);
const baselineOf = ({ objectives }: RunLine) =>
  requestsWorkload(
    {
      workload: 'latencyBaseline',
      operations: ['classify', 'chat'],
      ratePerSecond: 6,
      warmUpEach: 3,
      model: {},
    },
    { objectives, maxPerSecond: 200 },
  );
const refuse = (run: RunLine, ceilings: typeof CEILINGS) =>
  refuseImpossibleObjectives([baselineOf(run)], run, ceilings);

test("an objective gets its operation's share of the rate", () => {
  const plans = planObjectives(baselineOf(header), header, CEILINGS);
  assert.deepEqual(
    plans.map(({ id, mostN }) => [id, mostN]),
    [
      [p95.id, 600],
      [chatP95.id, 600],
    ],
  );
  // Six requests a second, half of them of each operation.
  for (const plan of plans) assert.equal(plan.mostSeconds, 200);
});

test('an objective that can never be established is refused, be it for its sample or for a ceiling', () => {
  refuse(header, CEILINGS);
  refuse(runOf([]), CEILINGS);
  assert.throws(() => refuse(runOf([{ ...p95, sampleBudget: 20 }]), CEILINGS), {
    code: 'BUDGET_INVALID',
    message: /found {4}20$/m,
  });
  assert.throws(() => refuse(header, { ...CEILINGS, durationSeconds: 5 }), {
    code: 'CEILING_EXCEEDED',
    message: /at {7}ceilings → durationSeconds$/m,
  });
  assert.throws(() => refuse(header, { ...CEILINGS, requestsPerRun: 30 }), {
    code: 'CEILING_EXCEEDED',
    message: /at {7}ceilings → requestsPerRun$/m,
  });
});
