import { setTimeout as sleep } from 'node:timers/promises';
import type { AiMockControl } from '../../probes/aiMock.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import type { Workload } from './workload.ts';

/**
 * Takes the model away for a while, where the workload has it so, and records from when to when. Resolves once the model is well again,
 * or at once where `signal` calls it off before it began. Whoever else uses the AI mock is without a model too, so nothing is measured
 * beside it.
 */
export async function startOutage(
  { name, outage }: Workload,
  aiMock: AiMockControl | null,
  record: RecordWriter,
  signal: AbortSignal,
): Promise<void> {
  if (outage === undefined || aiMock === null) return;
  await sleep(outage.afterMs, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) return;
  const fromMs = Date.now();
  const { refusedUntilMs } = await aiMock.refuse(outage.forMs);
  await sleep(Math.max(0, refusedUntilMs - Date.now()));
  record.append({ type: 'outage', workload: name, fromMs, untilMs: refusedUntilMs });
}
