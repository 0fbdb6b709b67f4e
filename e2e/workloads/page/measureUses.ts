import { isComplete } from '../api/asWorkload.ts';
import { refuseBeyondCeilings } from '../api/refuseBeyondCeilings.ts';
import type { WorkloadCost } from '../api/workloadCost.ts';
import { type MeasuringPages, mostOf, ofWorkload } from './measuringPages.ts';
import { runUses, type Uses } from './runUses.ts';

/**
 * Uses a page as often as its workload's objectives ask, within what the budget allows, in a browser of its own where it takes one.
 * @param open what it opens goes to `resources`, which are closed however it ends
 * @throws HarnessError CEILING_EXCEEDED before anything is opened, and what `open` and `runUses` throw
 */
export async function measureUses(
  uses: Omit<Uses, 'most' | 'serves' | 'use'>,
  measuring: MeasuringPages,
  open: (resources: AsyncDisposableStack) => Promise<Uses['use']>,
): Promise<void> {
  const { name } = uses;
  const { run, record } = measuring;
  const most = mostOf(name, measuring);
  if (most === null || isComplete(record, name)) return;
  refuseBeyondCeilings([costOfUses(name, uses.warmUps + most)], run, record);
  await using resources = new AsyncDisposableStack();
  const use = await open(resources);
  const all = { ...uses, most, serves: ofWorkload(name), use };
  await runUses(all, { ...measuring, runId: run.id });
}

/** One use follows the other, and a page is asked only where the model is mocked. */
export function costOfUses(name: string, requests: number): WorkloadCost {
  return { name, requests, requestsPerSecond: 0, durationSeconds: 0, modelCalls: 0 };
}
