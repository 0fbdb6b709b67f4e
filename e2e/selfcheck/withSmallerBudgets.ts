import { METRICS } from '../core/budget/metrics.ts';
import type { Objective } from '../core/budget/objective.ts';
import type { RunLine } from '../core/record/recordLine.ts';

/** A planted defect shows at once; what a noisy moment leaves open need not be pursued for minutes. */
const MOST_EVENTS = 200;
/** What is the case always shows in any request. */
const MOST_OF_A_RULE = 12;

/** The objectives of a run with as many events as it takes to see a planted defect, and those of the whole run as they are. */
export function withSmallerBudgets(header: RunLine): RunLine {
  const objectives = header.objectives.map((objective) => ({
    ...objective,
    sampleBudget: Math.min(objective.sampleBudget, mostOf(objective)),
  }));
  return { ...header, objectives };
}

function mostOf({ workload, fault, metric, sampleBudget }: Objective): number {
  if (metric === 'soundness') return MOST_EVENTS / 4;
  const isRule = METRICS[metric].kind === 'never' || METRICS[metric].kind === 'most';
  if (fault !== null) return isRule ? MOST_OF_A_RULE : sampleBudget;
  return workload === null || workload === 'tenants' ? sampleBudget : MOST_EVENTS;
}
