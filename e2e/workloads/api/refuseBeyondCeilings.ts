import { HarnessError } from '../../core/harnessError.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import type { RunContext } from '../../setup/runContext.ts';
import { costOfOthers, type WorkloadCost } from './workloadCost.ts';

/**
 * Holds workloads that run at the same time to what the budget lets a run cost its target, together with what the run has sent already
 * and with what others that are under way will send.
 * @throws HarnessError CEILING_EXCEEDED, before anything of them is sent
 */
export function refuseBeyondCeilings(
  costs: readonly WorkloadCost[],
  run: RunContext,
  record: RecordWriter,
): void {
  const { ceilings, name, supports } = run.target;
  const names = costs.map((cost) => cost.name);
  const others = costOfOthers(names, record.soFar);
  const sumOf = (key: Exclude<keyof WorkloadCost, 'name'>): number =>
    costs.reduce((sum, cost) => sum + cost[key], 0);
  const planned = {
    requestsPerSecond: sumOf('requestsPerSecond'),
    requestsPerRun: others.requests + sumOf('requests'),
    paidModelCalls: supports.mockedAi ? 0 : others.modelCalls + sumOf('modelCalls'),
    durationSeconds: Math.max(0, ...costs.map((cost) => cost.durationSeconds)),
  };
  for (const [ceiling, amount] of Object.entries(planned)) {
    const allowed = ceilings[ceiling as keyof typeof planned];
    // Rates that were scaled to fit come out a little beside the sum that they were to have.
    if (Number(amount.toPrecision(9)) <= allowed) continue;
    throw new HarnessError({
      code: 'CEILING_EXCEEDED',
      summary: `The ${names.length === 1 ? 'workload' : 'workloads'} ${names.join(', ')} would cost ${name} more than its budget allows.`,
      file: `budgets/${name}.json`,
      path: `ceilings → ${ceiling}`,
      found: `${Math.ceil(amount)} planned`,
      expected: `at most ${allowed}`,
      remedy: `${IF_MOCKED[ceiling] ?? ''}Lower the sample sizes, raise the ceiling, or take the objective out of this budget.`,
    });
  }
}

/** A model is taken for a real one where nothing says that it is mocked. */
const IF_MOCKED: Record<string, string> = {
  paidModelCalls:
    'If its model is mocked, say so: AI_MOCK_PORT or AI_MOCK_CONTROL_URL, and supports → mockedAi. Else: ',
};
