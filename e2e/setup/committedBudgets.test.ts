import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { resolveObjectives } from '../core/budget/resolveObjectives.ts';
import { SALESTALK_OPERATIONS } from '../salestalk/operations.ts';
import { SEED_TENANTS } from '../salestalk/questions.ts';
import { SCENARIO_NAMES, scenario } from '../workloads/api/scenarios.ts';
import { costOfWorkload } from '../workloads/api/workloadCost.ts';
import { availability, latencyBaseline, singleRequest } from '../workloads/api/workloads.ts';
import { budgetedTargets, loadBudget } from './loadBudget.ts';

const root = new URL('../../', import.meta.url);
const TARGETS = budgetedTargets();

/** Used once for each sample, and nothing else. */
const PER_SAMPLE = ['page', 'lighthouse'];

for (const name of TARGETS) {
  const { budget, file } = loadBudget(name);
  const { objectives } = resolveObjectives(budget, file, SALESTALK_OPERATIONS);

  test(`the perf project may cost ${name} what its objectives take`, () => {
    const offer = { objectives, most: budget.ceilings.requestsPerSecond };
    const scenarios = SCENARIO_NAMES.map((situation) => scenario(situation, offer));
    const costs = [
      availability(offer),
      singleRequest('classify'),
      singleRequest('chat'),
      latencyBaseline(offer),
      ...scenarios.filter((workload) => workload !== null),
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
