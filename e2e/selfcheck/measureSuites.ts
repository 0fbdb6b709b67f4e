import { measureWorkloads } from '../workloads/api/measureWorkloads.ts';
import type { Workload, WorkloadLimits } from '../workloads/api/plan.ts';
import { scenario } from '../workloads/api/scenarios.ts';
import { availability, latencyBaseline, tenantsAtOnce } from '../workloads/api/workloads.ts';
import { measureLoad } from '../workloads/load/measureLoad.ts';
import { measureLighthouse } from '../workloads/page/measureLighthouse.ts';
import {
  type MisbehavingOptions,
  measureMisbehaving,
} from '../workloads/page/measureMisbehaving.ts';
import { measurePageAnswers } from '../workloads/page/measurePageAnswers.ts';
import { measurePageHeap, measurePageVisits } from '../workloads/page/measurePageResources.ts';
import { measureFirstVisits } from '../workloads/page/measureVisits.ts';
import { DESKTOP } from '../workloads/page/pageContext.ts';
import { measureApiMemory } from '../workloads/service/measureApiMemory.ts';
import { measureColdStarts } from '../workloads/service/measureColdStarts.ts';
import type { Suite } from './suites.ts';

/** Measures these suites, one after the other. */
export async function measureSuites(
  suites: readonly Suite[],
  options: MisbehavingOptions,
): Promise<void> {
  for (const suite of suites) await SUITES[suite](options);
}

const SUITES: Record<Suite, (options: MisbehavingOptions) => Promise<void>> = {
  // Faster, and with a quick model.
  baseline: measureWorkloadsOf((limits) => [
    {
      ...latencyBaseline(limits),
      ratePerSecond: 25,
      model: [{ latency: { distribution: 'constant', ms: 50 } }],
    },
  ]),
  availability: measureWorkloadsOf((limits) => [availability(limits)]),
  tenants: measureWorkloadsOf((limits) => [tenantsAtOnce(limits)]),
  outage: measureWorkloadsOf((limits) =>
    [scenario('outage', limits)].filter((one) => one !== null),
  ),
  misbehavingModel: measureMisbehaving,
  pageAnswers: measurePageAnswers,
  pageVisits: measurePageVisits,
  pageHeap: measurePageHeap,
  lighthouse: measureLighthouse,
  desktopVisits: (options) => measureFirstVisits(DESKTOP, options),
  apiMemory: (options) => measureApiMemory(options),
  fiveTenants: (options) => measureLoad('fiveTenants', options),
  sustained: (options) => measureLoad('sustained', options),
  peak: (options) => measureLoad('peak', options),
  soak: (options) => measureLoad('soak', options),
  capacity: (options) => measureLoad('capacity', options),
  coldStarts: (context) => measureColdStarts(context),
};

function measureWorkloadsOf(workloadsOf: (limits: WorkloadLimits) => Workload[]) {
  return async (options: MisbehavingOptions): Promise<void> => {
    const { header, target } = options.run;
    const limits = {
      objectives: header.objectives,
      maxPerSecond: target.ceilings.requestsPerSecond,
    };
    for (const workload of workloadsOf(limits)) await measureWorkloads([workload], options);
  };
}
