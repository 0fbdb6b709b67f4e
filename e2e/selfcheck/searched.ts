import type { Objective } from '../core/budget/objective.ts';

/** What measures one workload by itself; each is named as that workload is. */
export const ALONE = [
  'pageAnswers',
  'pageVisits',
  'pageHeap',
  'lighthouse',
  'desktopVisits',
  'apiMemory',
  'coldStarts',
] as const;

/** The loads that the budget describes, each by itself. */
export const UNDER_LOAD = ['fiveTenants', 'sustained', 'peak', 'soak', 'capacity'] as const;

/** What a defect can be looked for with. */
export type Searched =
  | 'baseline'
  | 'availability'
  | 'misbehavingModel'
  | 'tenants'
  | 'outage'
  | (typeof ALONE)[number]
  | (typeof UNDER_LOAD)[number];

/** What shows whether an objective is met; null where no flavour is looked at for it. */
export function searchedBy({ workload, fault, metric }: Objective): Searched | null {
  if (workload === 'outage') return 'outage';
  if (fault !== null) return 'misbehavingModel';
  const load = UNDER_LOAD.find((name) => name === workload);
  if (load !== undefined) return load;
  if (metric === 'isolation' || metric === 'fairness') return 'tenants';
  if (metric === 'availability') return 'availability';
  if (workload === 'latencyBaseline') return 'baseline';
  return ALONE.find((name) => name === workload) ?? null;
}
