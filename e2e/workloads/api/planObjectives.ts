import { planSampling, type SamplingPlan } from '../../core/budget/planSampling.ts';
import type { RunLine } from '../../core/record/recordLine.ts';
import type { RunContext } from '../../setup/runContext.ts';
import { ratesOf } from './ratesOf.ts';
import { SCENARIO_NAMES, scenario } from './scenarios.ts';
import type { Workload } from './workload.ts';
import { availability, latencyBaseline } from './workloads.ts';

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

/** @throws HarnessError BUDGET_INVALID or CEILING_EXCEEDED where an objective of the run can never be established */
export function refuseImpossible(
  header: RunLine,
  ceilings: RunContext['target']['ceilings'],
): void {
  const offer = { objectives: header.objectives, most: ceilings.requestsPerSecond };
  const scenarios = SCENARIO_NAMES.map((name) => scenario(name, offer));
  for (const workload of [latencyBaseline(offer), availability(offer), ...scenarios]) {
    if (workload !== null) planObjectives(workload, header, ceilings);
  }
}
