import { planSampling, type SamplingPlan } from '../../core/budget/sampleBudget.ts';
import type { RunLine } from '../../core/record/recordLine.ts';
import type { RunContext } from '../../setup/runContext.ts';
import {
  MODEL_CALLS_PER_REQUEST,
  refuseBeyondCeilings,
  requestsOfOperation,
  type WorkloadCost,
} from '../ceilings.ts';
import { ratesOf } from '../checkProgress.ts';
import { type ApiContext, isComplete } from '../recordWorkload.ts';
import { planWorkload, requestsPerPlanned, type Workload } from './plan.ts';
import { runWorkload } from './runWorkload.ts';

/**
 * Measures workloads at the same time and reports the progress of each. Those that the record has already are not measured again.
 * @throws HarnessError CEILING_EXCEEDED, BUDGET_INVALID, AI_MOCK_FAILED, TOKEN_INVALID
 */
export async function measureWorkloads(
  workloads: readonly Workload[],
  context: ApiContext,
): Promise<void> {
  const { run, record } = context;
  const missing = workloads.filter(({ name }) => !isComplete(record, name));
  const costs = missing.map((workload) => costOfWorkload(workload, run.target.tenants));
  refuseBeyondCeilings(costs, run, record);
  refuseImpossibleObjectives(missing, run.header, run.target.ceilings);
  await allOrFirstFailure(missing.map((workload) => runWorkload(workload, context)));
}

/**
 * Plans, before anything is sent, how many events each objective of a workload will take.
 * @throws HarnessError BUDGET_INVALID or CEILING_EXCEEDED for an objective that can never be established
 */
export function planObjectives(
  workload: Workload,
  header: RunLine,
  ceilings: RunContext['target']['ceilings'],
): SamplingPlan[] {
  const counts = Object.values(workload.requests);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return header.objectives.filter(workload.serves).map((objective) => {
    const mine = (workload.requests as Record<string, number>)[objective.operation] ?? total;
    return planSampling(objective, ratesOf(header), {
      eventsPerSecond: (workload.ratePerSecond * mine) / total,
      ceilings,
      file: `budgets/${header.target}.json`,
    });
  });
}

/** @throws HarnessError BUDGET_INVALID or CEILING_EXCEEDED where an objective of these workloads can never be established */
export function refuseImpossibleObjectives(
  workloads: readonly Workload[],
  header: RunLine,
  ceilings: RunContext['target']['ceilings'],
): void {
  for (const workload of workloads) planObjectives(workload, header, ceilings);
}

/** What a workload costs at most: all that it plans, with warm-ups, no-ops and the time in which the model is observed. */
export function costOfWorkload(workload: Workload, tenants: readonly string[]): WorkloadCost {
  const { name, ratePerSecond, requests: planned, patienceMs = 0, observeAfterMs = 0 } = workload;
  const plan = planWorkload(workload, tenants);
  const requests = plan.reduce((sum, { item }) => sum + requestsOfOperation(item.operation), 0);
  const noops = plan.filter(({ item }) => item.operation === 'noop').length;
  const last = plan.at(-1);
  return {
    name,
    requests,
    requestsPerSecond: ratePerSecond * requestsPerPlanned(planned),
    durationSeconds: last === undefined ? 0 : (last.dueMs + patienceMs + observeAfterMs) / 1000,
    modelCalls: (requests - noops) * MODEL_CALLS_PER_REQUEST,
  };
}

/** Waits until all have ended, then throws what the first failed one in the list threw. */
export async function allOrFirstFailure(work: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(work);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
