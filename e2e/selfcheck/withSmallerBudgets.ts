import { METRICS } from '../core/budget/metrics.ts';
import type { Objective } from '../core/budget/objective.ts';
import type { RunLine } from '../core/record/recordLine.ts';
import { ALONE, searchedBy, UNDER_LOAD } from './searched.ts';

/** A planted defect shows at once; what a noisy moment leaves open need not be pursued for minutes. */
const MOST_EVENTS = 200;
/** What is the case always shows in any request. */
const MOST_OF_A_RULE = 12;

/** Answers that it takes to fail a P95 where every one is bad: half a second each, so that 5 s of them are a burst. */
const MOST_ANSWERS = 60;
/** Uses that take seconds each: as many fail a median where every one is bad. */
const MOST_USES = 20;

/** The objectives of a run with as many events as it takes to see a planted defect, and those of the whole run as they are. */
export function withSmallerBudgets(header: RunLine): RunLine {
  const objectives = header.objectives.map((objective) => ({
    ...objective,
    sampleBudget: Math.min(objective.sampleBudget, mostOf(objective)),
  }));
  return { ...header, objectives };
}

function mostOf(objective: Objective): number {
  const { workload, fault, metric, sampleBudget } = objective;
  if (workload === 'pageAnswers') return MOST_ANSWERS;
  // A load is what its budget says.
  if (UNDER_LOAD.some((name) => name === workload)) return sampleBudget;
  if (ALONE.some((name) => name === searchedBy(objective))) return MOST_USES;
  if (metric === 'soundness') return MOST_EVENTS / 4;
  const isRule = METRICS[metric].kind === 'never' || METRICS[metric].kind === 'most';
  if (fault !== null) return isRule ? MOST_OF_A_RULE : sampleBudget;
  return workload === null || workload === 'tenants' ? sampleBudget : MOST_EVENTS;
}
