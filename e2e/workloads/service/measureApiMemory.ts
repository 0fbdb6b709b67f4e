import { sendOnSchedule } from '../../engine/sendOnSchedule.ts';
import type { ModelBehaviour } from '../../probes/aiMock.ts';
import { QUESTIONS } from '../../salestalk/questions.ts';
import { refuseRejectedToken } from '../../setup/tokens.ts';
import { refuseBeyondCeilings } from '../ceilings.ts';
import { maxSampleBudget } from '../iterations.ts';
import type { MeasuringContext } from '../measuringContext.ts';
import { nowEpochMs, recordWorkload } from '../recordWorkload.ts';
import { MODEL_CALLS_PER_REQUEST } from '../workloadCost.ts';
import {
  createReadingLine,
  type HeapReading,
  readUsedHeap,
  rejectUncollectedReadings,
} from './heapReadings.ts';

const NAME = 'apiMemory';
const OPERATION = 'api.memory';

/** Batches of requests, half classify and half chat, and a reading of the heap after each. */
export type MemoryOffer = {
  /** Batches that are sent first and not judged; all their requests are chat. */
  warmUps: number;
  batchSize: number;
  /** Within a batch; lower if the target allows no more. */
  ratePerSecond: number;
  model: ModelBehaviour;
};

/**
 * Sends requests in batches, and records how much of its heap the API's process uses after each. All batches are recorded together: what a
 * worker sent between its last reading and its death is unknown, so measuring begins anew.
 * @throws HarnessError CEILING_EXCEEDED, AI_MOCK_FAILED, TOKEN_INVALID
 */
export async function measureApiMemory(
  { warmUps, batchSize, model, ...offer }: MemoryOffer,
  context: MeasuringContext,
): Promise<void> {
  const { run, api, record } = context;
  const readings = maxSampleBudget(NAME, run);
  if (readings === null) return;
  const requests = (warmUps + readings) * batchSize;
  const ratePerSecond = Math.min(offer.ratePerSecond, run.target.ceilings.requestsPerSecond);
  const cost = {
    name: NAME,
    requests,
    requestsPerSecond: ratePerSecond,
    durationSeconds: requests / ratePerSecond,
    modelCalls: requests * MODEL_CALLS_PER_REQUEST,
  };
  refuseBeyondCeilings([cost], run, record);
  const planned = { [OPERATION]: readings };
  const spec = { name: NAME, planned, model: [model], isRecordedAsWhole: true };
  await recordWorkload(spec, context, async ({ scope }) => {
    const series = { workload: NAME, operation: OPERATION, scope, requestsPerReading: batchSize };
    const sentAtMs = nowEpochMs();
    // Not judged: the first reading itself creates objects in the process.
    const first = await readUsedHeap(api);
    if (first.usedBytes === null) {
      // Without readings there is no reason to send requests.
      record.append(createReadingLine(series, { index: 0, sentAtMs, ...first }, false));
      return;
    }
    const batches: HeapReading[] = [];
    for (let index = 0; index < warmUps + readings; index++) {
      // Indexes of requests follow those of the batches, so that no model call is matched to a batch.
      const firstIndex = warmUps + readings + index * batchSize;
      const pace = { isWarmUp: index < warmUps, ratePerSecond };
      const startedAtMs = nowEpochMs();
      const failures = await sendBatch(context, { scope, firstIndex, batchSize }, pace);
      const { usedBytes, failure } = await readUsedHeap(api);
      // A batch with a failed request leaves less behind than a whole one.
      const failed = describeFailed(failures, batchSize) ?? failure;
      batches.push({ index, sentAtMs: startedAtMs, usedBytes, failure: failed });
      // A target that answers nothing will not show what requests leave behind.
      if (failures.length === batchSize) break;
    }
    record.append(
      ...batches.slice(0, warmUps).map((batch) => createReadingLine(series, batch, true)),
      ...rejectUncollectedReadings(batches.slice(warmUps)).map((batch) =>
        createReadingLine(series, batch, false),
      ),
    );
  });
}

/** Waits until all of the batch was answered, and returns the failures. @throws HarnessError TOKEN_INVALID */
async function sendBatch(
  { api, run }: MeasuringContext,
  { scope, firstIndex, batchSize }: { scope: string; firstIndex: number; batchSize: number },
  { isWarmUp, ratePerSecond }: { isWarmUp: boolean; ratePerSecond: number },
): Promise<string[]> {
  const { tenants } = run.target;
  const failures: string[] = [];
  await sendOnSchedule({
    schedule: Array.from({ length: batchSize }, (_, at) => ({
      dueMs: (at * 1000) / ratePerSecond,
      item: firstIndex + at,
    })),
    send: async (index) => {
      // Only conversations are kept, so only they warm up.
      const operation = isWarmUp || index % 2 === 1 ? 'chat' : 'classify';
      const tenant = tenants[index % tenants.length] as string;
      const question = QUESTIONS[index % QUESTIONS.length] as string;
      const place = { scope, index };
      const { status, failure } = await api.ask(operation, { tenant, question, place });
      refuseRejectedToken({ status, tenant, operation });
      if (failure !== null) failures.push(failure);
    },
  });
  return failures;
}

function describeFailed(failures: string[], batchSize: number): string | null {
  const [first] = failures;
  if (first === undefined) return null;
  return `${failures.length} of ${batchSize} requests failed, the first with ${first}`;
}
