import { selectedObjectives } from '../../matchers/judgeMeasured.ts';
import { allOrFirstFailure } from '../api/allOrFirstFailure.ts';
import { measurePageHeap, PAGE_HEAP } from './measurePageHeap.ts';
import { measurePageVisits, PAGE_VISITS } from './measurePageVisits.ts';
import type { MeasuringPages } from './measuringPages.ts';

/** Weighs visits and reads memory at the same time, each in a browser of its own: neither is timed. Only what a selected objective takes. */
export async function measurePageResources(measuring: MeasuringPages): Promise<void> {
  const { header } = measuring.run;
  const selected = selectedObjectives(header, process.env);
  const isWanted = (name: string): boolean =>
    header.objectives.some(({ id, workload }) => workload === name && selected.includes(id));
  await allOrFirstFailure([
    ...(isWanted(PAGE_HEAP) ? [measurePageHeap(measuring)] : []),
    ...(isWanted(PAGE_VISITS) ? [measurePageVisits(measuring)] : []),
  ]);
}
