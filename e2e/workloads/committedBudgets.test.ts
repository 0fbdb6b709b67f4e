import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { resolveObjectives } from '../core/budget/resolveObjectives.ts';
import { declaredMeasurements } from '../declaredMeasurements.ts';
import { SALESTALK_CATALOGUE } from '../salestalk/operations.ts';
import { SEED_TENANTS } from '../salestalk/questions.ts';
import { budgetedTargets, loadBudget } from '../setup/loadBudget.ts';
import { costOfWorkload } from './api/measureWorkloads.ts';
import { singleRequest } from './api/workloads.ts';

const root = new URL('../../', import.meta.url);
const TARGETS = budgetedTargets();

const MEASUREMENTS = await declaredMeasurements();

/** Used once for each sample, and nothing else. */
const PER_SAMPLE = ['page', 'lighthouse'];

for (const name of TARGETS) {
  const { budget, file } = loadBudget(name);
  const { objectives } = resolveObjectives(budget, file, SALESTALK_CATALOGUE);

  test(`the perf project may cost ${name} what its objectives take`, () => {
    const limits = { objectives, maxPerSecond: budget.ceilings.requestsPerSecond };
    const costs = [
      singleRequest('classify', {}),
      singleRequest('chat', {}),
      ...MEASUREMENTS.flatMap(({ workloads }) => workloads(limits)),
    ].map((workload) => costOfWorkload(workload, SEED_TENANTS));
    const uses = PER_SAMPLE.map((operation) =>
      Math.max(0, ...objectives.map((o) => (o.operation === operation ? o.sampleBudget : 0))),
    );
    const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
    const { requestsPerRun, paidModelCalls } = budget.ceilings;
    const requests = sum([...costs.map((cost) => cost.requests), ...uses]);
    assert.ok(requests <= requestsPerRun, `${requests} planned`);
    const calls = budget.supports.mockedAi ? 0 : sum(costs.map((cost) => cost.modelCalls));
    assert.ok(calls <= paidModelCalls, `${calls} planned`);
  });

  test(`every objective of ${name} is judged by a spec`, () => {
    const specs = globSync('e2e/**/*.spec.ts', { cwd: root })
      .filter((spec) => !spec.includes('selfcheck'))
      .map((spec) => readFileSync(new URL(spec, root), 'utf8'))
      .join('\n');
    const ids = Object.keys(budget.objectives);
    assert.deepEqual(
      ids.filter((id) => !specs.includes(id)),
      [],
    );
  });
}

const OF_EXPERIENCE = /^(desktop|phone|desktopRepeat|phoneRepeat|lighthouseFlow)\./;

test('of a target without a page, no visit is measured, and it is said why', () => {
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

test('of a page with a real model, what takes a question is not measured, and what takes none is', () => {
  const { budget, file } = loadBudget('local');
  const real = { ...budget, supports: { ...budget.supports, mockedAi: false } };
  const { objectives } = resolveObjectives(real, file, SALESTALK_CATALOGUE);
  const operations = objectives
    .filter(({ id }) => OF_EXPERIENCE.test(id))
    .map(({ operation }) => operation);
  assert.deepEqual([...new Set(operations)].sort(), ['desktopRepeat', 'phoneRepeat']);
});
