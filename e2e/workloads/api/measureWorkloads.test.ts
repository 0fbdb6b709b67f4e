import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../../core/budget/objective.ts';
import type { RunLine } from '../../core/record/recordLine.ts';
import { availability, latencyP95 } from '../../core/testing/objectives.ts';
import { runOf } from '../../core/testing/recordOf.ts';
import { planObjectives, refuseImpossibleObjectives } from './measureWorkloads.ts';
import { requestsWorkload } from './workloads.ts';

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
const workloadOf = ({ objectives }: RunLine) =>
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
  refuseImpossibleObjectives([workloadOf(run)], run, ceilings);

test('an objective has the part of the rate that its operation has', () => {
  const plans = planObjectives(workloadOf(header), header, CEILINGS);
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

test('what can never be established is refused: by its sample, or by a ceiling', () => {
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
