import {
  type MisbehavingOptions,
  measureMisbehaving,
} from '../workloads/api/measureMisbehaving.ts';
import { measureWorkloads } from '../workloads/api/measureWorkloads.ts';
import { scenario } from '../workloads/api/scenarios.ts';
import { tenantsAtOnce } from '../workloads/api/tenantsAtOnce.ts';
import type { Workload } from '../workloads/api/workload.ts';
import { availability, latencyBaseline, type Offer } from '../workloads/api/workloads.ts';
import { measureLoad } from '../workloads/load/measureLoad.ts';
import { measureFirstVisits } from '../workloads/page/measureFirstVisits.ts';
import { measureLighthouse } from '../workloads/page/measureLighthouse.ts';
import { measurePageAnswers } from '../workloads/page/measurePageAnswers.ts';
import { measurePageHeap } from '../workloads/page/measurePageHeap.ts';
import { measurePageVisits } from '../workloads/page/measurePageVisits.ts';
import { AT_A_DESK } from '../workloads/page/visitor.ts';
import { measureApiMemory } from '../workloads/service/measureApiMemory.ts';
import { measureColdStarts } from '../workloads/service/measureColdStarts.ts';
import type { Searched } from './searched.ts';

/** Measures what is named, one after the other. */
export async function lookFor(by: readonly Searched[], options: MisbehavingOptions): Promise<void> {
  for (const one of by) await LOOKS[one](options);
}

const LOOKS: Record<Searched, (options: MisbehavingOptions) => Promise<void>> = {
  // Faster, and with a quick model.
  baseline: sending((offer) => [
    {
      ...latencyBaseline(offer),
      ratePerSecond: 25,
      model: [{ latency: { distribution: 'constant', ms: 50 } }],
    },
  ]),
  availability: sending((offer) => [availability(offer)]),
  tenants: sending((offer) => [tenantsAtOnce(offer)]),
  outage: sending((offer) => [scenario('outage', offer)].filter((one) => one !== null)),
  misbehavingModel: measureMisbehaving,
  pageAnswers: measurePageAnswers,
  pageVisits: measurePageVisits,
  pageHeap: measurePageHeap,
  lighthouse: measureLighthouse,
  desktopVisits: (options) => measureFirstVisits(AT_A_DESK, options),
  apiMemory: (options) => measureApiMemory(options),
  fiveTenants: (options) => measureLoad('fiveTenants', options),
  sustained: (options) => measureLoad('sustained', options),
  peak: (options) => measureLoad('peak', options),
  soak: (options) => measureLoad('soak', options),
  capacity: (options) => measureLoad('capacity', options),
  coldStarts: ({ run, record }) => measureColdStarts({ run, record }),
};

function sending(workloadsOf: (offer: Offer) => Workload[]) {
  return async (options: MisbehavingOptions): Promise<void> => {
    const { header, target } = options.run;
    const offer = { objectives: header.objectives, most: target.ceilings.requestsPerSecond };
    for (const workload of workloadsOf(offer)) await measureWorkloads([workload], options);
  };
}
