import { runOpenLoop } from '../../engine/openModel.ts';
import type { ModelBehaviour } from '../../probes/aiMock.ts';

import type { ApiClient } from '../../salestalk/apiClient.ts';
import { QUESTIONS } from '../../salestalk/questions.ts';
import { refuseRejectedToken } from '../../setup/tokens.ts';
import type { ApiContext } from '../api/measureWorkloads.ts';
import { MODEL_CALLS_PER_REQUEST, refuseBeyondCeilings } from '../ceilings.ts';
import {
  type HeapReading,
  readingLine,
  readUsedHeap,
  rejectUncollectedReadings,
} from '../heapReadings.ts';
import { maxSampleBudget } from '../iterations.ts';
import { recordWorkload } from '../recordWorkload.ts';

const NAME = 'apiMemory';
const OPERATION = 'api.memory';

/** How many requests are sent, and how fast. */
type MemoryPace = { warmUps: number; batchSize: number; maxPerSecond: number };

const PACE: MemoryPace = {
  // SalesTalk keeps its latest 1,000 conversations: only after these, growth per request is what stays behind. Each warm-up request begins one.
  warmUps: 21,
  // So many that what they leave behind exceeds the noise of a reading, so few that there are many readings.
  batchSize: 50,
  // A higher rate would show no more: memory is read between requests, not under load.
  maxPerSecond: 800,
};

/** So fast that a thousand requests take seconds. */
const QUICK_MODEL: ModelBehaviour[] = [{ latency: { distribution: 'constant', ms: 2 } }];

/**
 * Sends requests in batches and reads after each how much of its heap the API's process has in use: a line of the record for each batch.
 * It is recorded as a whole: what an earlier worker sent since its last reading is unknown, so that after its death it begins anew. A batch
 * with a failed request has failed, since it left less behind than a whole one.
 * @throws HarnessError CEILING_EXCEEDED, AI_MOCK_FAILED, TOKEN_INVALID
 */
export async function measureApiMemory(
  { run, api, aiMock, record }: ApiContext,
  { warmUps, batchSize, maxPerSecond }: MemoryPace = PACE,
): Promise<void> {
  const readings = maxSampleBudget(NAME, run);
  if (readings === null) return;
  const { ceilings, tenants } = run.target;
  const requests = (warmUps + readings) * batchSize;
  const ratePerSecond = Math.min(maxPerSecond, ceilings.requestsPerSecond);
  const cost = {
    requests,
    requestsPerSecond: ratePerSecond,
    durationSeconds: requests / ratePerSecond,
    modelCalls: requests * MODEL_CALLS_PER_REQUEST,
  };
  refuseBeyondCeilings([{ name: NAME, ...cost }], run, record);
  const spec = { name: NAME, planned: { [OPERATION]: readings }, model: QUICK_MODEL };
  await recordWorkload(spec, { runId: run.id, aiMock, record }, async ({ scope }) => {
    // A worker died between the last line and the end of the workload.
    if (record.soFar.requests.some((line) => line.scope === scope)) return;
    const series = { workload: NAME, operation: OPERATION, scope, requestsPerReading: batchSize };
    const sentAtMs = performance.timeOrigin + performance.now();
    // Not judged: the first reading itself creates objects in the process.
    const first = await readUsedHeap(api);
    if (first.usedBytes === null) {
      // Without readings there is no reason to send requests.
      record.append(readingLine(series, { index: 0, sentAtMs, ...first }, false));
      return;
    }
    const batches: HeapReading[] = [];
    for (let index = 0; index < warmUps + readings; index++) {
      const { isDown, ...reading } = await sendBatch(api, {
        index,
        // Indexes of requests follow those of the batches, so that no call of the model is taken for one of a batch.
        firstIndex: warmUps + readings + index * batchSize,
        batchSize,
        operation: index < warmUps ? 'chat' : 'both',
        scope,
        tenants,
        ratePerSecond,
      });
      batches.push(reading);
      // A target that answers nothing leaves nothing behind.
      if (isDown) break;
    }
    record.append(
      ...batches.slice(0, warmUps).map((batch) => readingLine(series, batch, true)),
      ...rejectUncollectedReadings(batches.slice(warmUps)).map((batch) =>
        readingLine(series, batch, false),
      ),
    );
  });
}

type BatchPlan = {
  index: number;
  /** Index of the first request. */
  firstIndex: number;
  batchSize: number;
  /** Both in turn, or conversations alone. */
  operation: 'chat' | 'both';
  scope: string;
  tenants: readonly string[];
  ratePerSecond: number;
};

/**
 * Sends a batch at an even rate, waits until all of it was answered, and reads the memory of the API's process.
 * @throws HarnessError TOKEN_INVALID
 */
async function sendBatch(
  api: ApiClient,
  { index, firstIndex, batchSize, operation, scope, tenants, ratePerSecond }: BatchPlan,
): Promise<HeapReading & { isDown: boolean }> {
  const sentAtMs = performance.timeOrigin + performance.now();
  const failures: string[] = [];
  const rejected: Parameters<typeof refuseRejectedToken>[0][] = [];
  await runOpenLoop({
    schedule: Array.from({ length: batchSize }, (_, at) => ({
      dueMs: (at * 1000) / ratePerSecond,
      item: firstIndex + at,
    })),
    send: async (place) => {
      const asked = operation === 'both' && place % 2 === 0 ? 'classify' : 'chat';
      const tenant = tenants[place % tenants.length] as string;
      const { status, failure } = await api.ask(asked, {
        tenant,
        question: QUESTIONS[place % QUESTIONS.length] as string,
        place: { scope, index: place },
      });
      if (failure !== null) failures.push(failure);
      if (status === 401) rejected.push({ status, tenant, operation: asked });
    },
  });
  for (const request of rejected) refuseRejectedToken(request);
  const { usedBytes, failure } = await readUsedHeap(api);
  return {
    index,
    sentAtMs,
    usedBytes,
    failure: describeFailed(failures, batchSize) ?? failure,
    isDown: failures.length === batchSize,
  };
}

function describeFailed(failures: string[], batchSize: number): string | null {
  const [first] = failures;
  if (first === undefined) return null;
  return `${failures.length} of ${batchSize} requests failed, the first with ${first}`;
}
