import {
  type MisbehavingOptions,
  measureMisbehaving,
} from '../fixtures/workload/measureMisbehaving.ts';
import { measureWorkloads } from '../fixtures/workload/measureWorkloads.ts';
import { scenario } from '../fixtures/workload/scenarios.ts';
import { tenantsAtOnce } from '../fixtures/workload/tenantsAtOnce.ts';
import type { Workload } from '../fixtures/workload/workload.ts';
import { availability, latencyBaseline, type Offer } from '../fixtures/workload/workloads.ts';
import type { Searched } from './flavours.ts';

/** Measures the workloads that are named, one kind after the other. */
export async function lookFor(by: readonly Searched[], options: MisbehavingOptions): Promise<void> {
  const { header, target } = options.run;
  const offer = { objectives: header.objectives, most: target.ceilings.requestsPerSecond };
  for (const one of by) {
    if (one === 'misbehavingModel') await measureMisbehaving(options);
    else for (const workload of WORKLOADS[one](offer)) await measureWorkloads([workload], options);
  }
}

const WORKLOADS: Record<Exclude<Searched, 'misbehavingModel'>, (offer: Offer) => Workload[]> = {
  // Faster, and with a quick model.
  baseline: (offer) => [
    {
      ...latencyBaseline(offer),
      ratePerSecond: 25,
      model: [{ latency: { distribution: 'constant', ms: 50 } }],
    },
  ],
  availability: (offer) => [availability(offer)],
  tenants: (offer) => [tenantsAtOnce(offer)],
  outage: (offer) => [scenario('outage', offer)].filter((one) => one !== null),
};
