import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkloadContext } from '../measuringContext.ts';
import type { Workload } from './plan.ts';

const REFUSING_POLL_MS = 5;

/**
 * Has the model refuse connections for a while, if the workload plans that, and records when. Resolves when the model answers again, or at
 * once if `signal` aborts before the outage. All users of the AI mock lose the model, so nothing else may be measured meanwhile.
 */
export async function startOutage(
  { name, outage }: Workload,
  { aiMock, record }: Pick<WorkloadContext, 'aiMock' | 'record'>,
  signal: AbortSignal,
): Promise<void> {
  if (outage === undefined || aiMock === null) return;
  await sleep(outage.afterMs, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) return;
  const fromMs = Date.now();
  const { refusedUntilMs } = await aiMock.refuse(outage.forMs);
  await sleep(Math.max(0, refusedUntilMs - Date.now()));
  // The listener is back a few milliseconds later. What is refused until then is no fault of the target.
  while ((await aiMock.readCondition()).refusing) await sleep(REFUSING_POLL_MS);
  record.append({ type: 'outage', workload: name, fromMs, untilMs: Date.now() });
}
