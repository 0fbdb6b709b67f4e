import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Objective } from './core/budget/objective.ts';
import { resolveObjectives } from './core/budget/resolveObjectives.ts';
import { emptyRecord } from './core/record/runRecord.ts';
import { runOf } from './core/testing/recordOf.ts';
import { declaredMeasurements } from './declaredMeasurements.ts';
import {
  createMeasured,
  firstVisits,
  loadOfBudget,
  type Measurement,
  misbehavingModel,
  outage,
  pageResources,
  requests,
} from './measurements.ts';
import { SALESTALK_CATALOGUE } from './salestalk/operations.ts';
import { SEED_TENANTS } from './salestalk/questions.ts';
import { budgetedTargets, loadBudget } from './setup/loadBudget.ts';
import { computeWorkloadCost } from './workloads/api/plan.ts';
import { singleRequest } from './workloads/api/workloads.ts';
import type { MeasuringContext } from './workloads/measuringContext.ts';

const objectivesOf = (target: string): Objective[] => {
  const { budget, file } = loadBudget(target);
  return resolveObjectives(budget, file, SALESTALK_CATALOGUE).objectives;
};
const LOCAL = objectivesOf('local');
const MODEL = { latency: { distribution: 'constant', ms: 5 } } as const;
const BASELINE = requests({
  workload: 'latencyBaseline',
  operations: ['classify'],
  ratePerSecond: 6,
  warmUpEach: 3,
  model: MODEL,
});
const OUTAGE = outage({
  operation: 'classify',
  ratePerSecond: 40,
  model: MODEL,
  refusesConnections: { afterMs: 1_500, forMs: 1_500 },
});

const MEASUREMENTS = await declaredMeasurements();

function whyNotServed(measurement: Measurement, id: string): string | null {
  const record = { read: () => emptyRecord(runOf(LOCAL)) } as MeasuringContext['record'];
  const objective = LOCAL.find((one) => one.id === id) ?? assert.fail(id);
  return createMeasured(measurement, { record } as MeasuringContext).whyNotServed(objective);
}

for (const target of budgetedTargets()) {
  test(`Every objective of ${target} is served by what a spec measures`, () => {
    const unserved = objectivesOf(target).filter((objective) =>
      MEASUREMENTS.every(({ serves }) => !serves(objective)),
    );
    assert.deepEqual(
      unserved.map(({ id }) => id),
      [],
    );
  });
}

test('A measurement serves its own objectives, and names the one that serves another', () => {
  assert.equal(whyNotServed(BASELINE, 'classify.latency.p95'), null);
  assert.equal(whyNotServed(OUTAGE, 'outage.recovery'), null);
  for (const [measurement, id, maker] of [
    [OUTAGE, 'classify.latency.p95', 'requests() of "latencyBaseline" with "classify"'],
    // The workload is the right one, and this operation is not among its requests.
    [BASELINE, 'chat.latency.p95', 'requests() of "latencyBaseline" with "chat"'],
    [BASELINE, 'outage.recovery', 'outage()'],
    [BASELINE, 'api.availability', 'requestsOfWholeRun()'],
    [BASELINE, 'tenants.isolation', 'requestsOfTenants()'],
    [BASELINE, 'quietTenants.fairness.p95', 'requestsOfTenants() of "tenants"'],
    [BASELINE, 'hungModel.timeout', 'misbehavingModel() of "hungModel"'],
    [BASELINE, 'failures.secrecy', 'misbehavingModel()'],
    [misbehavingModel({}), 'hungModel.timeout', 'misbehavingModel() of "hungModel"'],
    [loadOfBudget('peak'), 'sustained.latency.p95', 'loadOfBudget() of "sustained"'],
    [pageResources({ pageVisits: true }), 'page.heap.growth', 'pageResources() of "pageHeap"'],
    [firstVisits('phone', { model: MODEL }), 'desktop.lcp.p75', 'firstVisits() of "desktopVisits"'],
    [
      firstVisits('phone', { model: MODEL }),
      'phoneRepeat.lcp.p75',
      'repeatVisits() of "phoneRepeatVisits"',
    ],
    [OUTAGE, 'answer.latency.p95', 'pageAnswers()'],
  ] as const) {
    assert.equal(
      whyNotServed(measurement, id),
      `This measurement does not serve it. ${maker} does.`,
      id,
    );
  }
});

/** Operations of one request for each sample. */
const PER_SAMPLE = ['page', 'lighthouse'];

for (const name of budgetedTargets()) {
  const { budget } = loadBudget(name);
  const objectives = objectivesOf(name);

  test(`The ceilings of ${name} allow what its objectives take in the perf project`, () => {
    const limits = { objectives, maxPerSecond: budget.ceilings.requestsPerSecond };
    const costs = [
      singleRequest('classify', {}, limits.maxPerSecond),
      singleRequest('chat', {}, limits.maxPerSecond),
      ...MEASUREMENTS.flatMap(({ workloads }) => workloads(limits)),
    ].map((workload) => computeWorkloadCost(workload, SEED_TENANTS));
    const samples = PER_SAMPLE.map((operation) =>
      Math.max(0, ...objectives.map((o) => (o.operation === operation ? o.sampleBudget : 0))),
    );
    const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
    const { requestsPerRun, paidModelCalls } = budget.ceilings;
    const requests = sum([...costs.map((cost) => cost.requests), ...samples]);
    assert.ok(requests <= requestsPerRun, `${requests} planned`);
    const calls = budget.supports.mockedAi ? 0 : sum(costs.map((cost) => cost.modelCalls));
    assert.ok(calls <= paidModelCalls, `${calls} planned`);
  });

  test(`Every objective of ${name} is judged by a spec`, () => {
    const specs = globSync('**/*.spec.ts', { cwd: import.meta.dirname })
      .filter((spec) => !spec.includes('selfcheck'))
      .map((spec) => readFileSync(new URL(spec, import.meta.url), 'utf8'))
      .join('\n');
    const ids = Object.keys(budget.objectives);
    const unjudged = ids.filter((id) => !specs.includes(id));
    const remedy = 'add a sentence and the id to the spec that measures its operation';
    assert.ok(unjudged.length === 0, `No spec judges ${unjudged.join(', ')}: ${remedy}.`);
  });
}

const OF_EXPERIENCE = /^(desktop|phone|desktopRepeat|phoneRepeat|lighthouseFlow)\./;

test('On a target without a page no visit is measured, and the reason is given', () => {
  const { budget, file } = loadBudget('local');
  const without = { ...budget, supports: { ...budget.supports, ui: false } };
  const { objectives, notMeasured } = resolveObjectives(without, file, SALESTALK_CATALOGUE);
  assert.deepEqual(
    objectives.filter(({ id }) => OF_EXPERIENCE.test(id)),
    [],
  );
  const ofVisits = notMeasured.filter(({ id }) => OF_EXPERIENCE.test(id));
  assert.ok(ofVisits.length >= 35, `${ofVisits.length}`);
  for (const { id, reason } of ofVisits) assert.equal(reason, 'target has no UI', id);
});

test('On a page with a real model only what asks no question is measured', () => {
  const { budget, file } = loadBudget('local');
  const real = { ...budget, supports: { ...budget.supports, mockedAi: false } };
  const { objectives } = resolveObjectives(real, file, SALESTALK_CATALOGUE);
  const operations = objectives
    .filter(({ id }) => OF_EXPERIENCE.test(id))
    .map(({ operation }) => operation);
  assert.deepEqual([...new Set(operations)].sort(), ['desktopRepeat', 'phoneRepeat']);
});
