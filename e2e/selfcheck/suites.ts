import type { Objective } from '../core/budget/objective.ts';
import type { RunLine } from '../core/record/recordLine.ts';

/** Suites of one workload, which they are named after. */
export const SINGLE_WORKLOADS = [
  'pageAnswers',
  'pageVisits',
  'pageHeap',
  'lighthouse',
  'desktopVisits',
  'apiMemory',
  'coldStarts',
] as const;

/** The loads that the budget describes, each a suite. */
export const LOADS = ['fiveTenants', 'sustained', 'peak', 'soak', 'capacity'] as const;

/** What is measured together to show a defect. */
export type Suite =
  | 'baseline'
  | 'availability'
  | 'misbehavingModel'
  | 'tenants'
  | 'outage'
  | (typeof SINGLE_WORKLOADS)[number]
  | (typeof LOADS)[number];

/** The suite that shows whether an objective is met; null where no variant is measured for it. */
export function suiteOf({ workload, fault, metric }: Objective): Suite | null {
  if (workload === 'outage') return 'outage';
  if (fault !== null) return 'misbehavingModel';
  const load = LOADS.find((name) => name === workload);
  if (load !== undefined) return load;
  if (metric.comparesTenants) return 'tenants';
  if (metric.name === 'availability') return 'availability';
  if (workload === 'latencyBaseline') return 'baseline';
  return SINGLE_WORKLOADS.find((name) => name === workload) ?? null;
}

/** A planted defect shows at once; what a noisy moment leaves open is not worth minutes. */
const MAX_EVENTS = 200;
/** A broken rule shows in any request. */
const MAX_RULE_EVENTS = 12;
/** Enough to fail a P95 if every answer is bad: at half a second each, 5 s of them are one burst. */
const MAX_PAGE_ANSWERS = 60;
/** Samples that take seconds each: enough to fail a median if every one is bad. */
const MAX_SLOW_SAMPLES = 20;

/** The objectives of a run with the sample budget that shows a planted defect. */
export function reduceSampleBudgets(header: RunLine): RunLine {
  const objectives = header.objectives.map((objective) => ({
    ...objective,
    sampleBudget: Math.min(objective.sampleBudget, maxSampleBudget(objective)),
  }));
  return { ...header, objectives };
}

function maxSampleBudget(objective: Objective): number {
  const { workload, fault, metric, sampleBudget } = objective;
  if (workload === 'pageAnswers') return MAX_PAGE_ANSWERS;
  // The budget fixes how long a load lasts.
  if (LOADS.some((name) => name === workload)) return sampleBudget;
  if (SINGLE_WORKLOADS.some((name) => name === suiteOf(objective))) return MAX_SLOW_SAMPLES;
  if (metric.name === 'soundness') return MAX_EVENTS / 4;
  const isRule = metric.kind === 'zeroTolerance' || metric.kind === 'maximum';
  if (fault !== null) return isRule ? MAX_RULE_EVENTS : sampleBudget;
  return workload === null || workload === 'tenants' ? sampleBudget : MAX_EVENTS;
}
