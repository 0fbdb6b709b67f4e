import type { RequestLine } from '../../core/record/recordLine.ts';
import type { ModelBehaviour } from '../../probes/aiMock.ts';
import { asWorkload } from '../api/asWorkload.ts';
import type { Measuring } from '../api/measureWorkloads.ts';
import { refuseBeyondCeilings } from '../api/refuseBeyondCeilings.ts';
import { mostOf } from '../page/measuringPages.ts';
import { lineOf } from '../page/runUses.ts';
import { readUsedHeap } from './readUsedHeap.ts';
import { type Batch, sendBatch } from './sendBatch.ts';
import { withoutGarbage } from './withoutGarbage.ts';

const NAME = 'apiMemory';
const OPERATION = 'api.memory';

/** How many requests are sent, and how fast. */
export type MemoryPace = { warmUps: number; batchSize: number; mostPerSecond: number };

const PACE: MemoryPace = {
  // SalesTalk keeps its latest 1,000 conversations: only once it does, what a request adds is what it leaves behind. Each of the warm-up begins one.
  warmUps: 21,
  // So many that what they leave behind stands out from what a reading varies by, so few that there are many readings.
  batchSize: 50,
  // More would teach nothing: memory is read between requests, not under load.
  mostPerSecond: 800,
};
const MODEL_CALLS_PER_REQUEST = 2;

/** A model that is hardly there, so that a thousand requests take seconds. */
const QUICK_MODEL: ModelBehaviour[] = [{ latency: { distribution: 'constant', ms: 2 } }];

/**
 * Sends requests in batches and reads after each how much of its heap the API's process has in use: a line of the record for each batch.
 * It is recorded as a whole: whoever goes on after a worker died does not know what was sent since the last reading, so that it is begun
 * anew. A batch of which a request failed has failed, since what it left behind is not that of so many answers.
 * @throws HarnessError CEILING_EXCEEDED, AI_MOCK_FAILED, TOKEN_INVALID
 */
export async function measureApiMemory(
  { run, api, aiMock, record }: Measuring,
  { warmUps, batchSize, mostPerSecond }: MemoryPace = PACE,
): Promise<void> {
  const most = mostOf(NAME, { run });
  if (most === null) return;
  const { ceilings, tenants } = run.target;
  const requests = (warmUps + most) * batchSize;
  const ratePerSecond = Math.min(mostPerSecond, ceilings.requestsPerSecond);
  const cost = {
    requests,
    requestsPerSecond: ratePerSecond,
    durationSeconds: requests / ratePerSecond,
    modelCalls: requests * MODEL_CALLS_PER_REQUEST,
  };
  refuseBeyondCeilings([{ name: NAME, ...cost }], run, record);
  const frame = { name: NAME, planned: { [OPERATION]: most }, model: QUICK_MODEL };
  await asWorkload(frame, { runId: run.id, aiMock, record }, async ({ scope }) => {
    // A worker died between the last line and the end of the workload.
    if (record.soFar.requests.some((line) => line.scope === scope)) return;
    const toLine = toLineOf(scope, batchSize);
    const sentAtMs = performance.timeOrigin + performance.now();
    // Thrown away: what is only needed to tell of memory is made when it is first asked for.
    const first = await readUsedHeap(api);
    if (first.usedBytes === null) {
      // There is nothing to send requests for.
      record.append(toLine({ index: 0, sentAtMs, ...first }, false));
      return;
    }
    const batches: Batch[] = [];
    for (let index = 0; index < warmUps + most; index++) {
      const operation = index < warmUps ? 'chat' : 'both';
      // Calls of the model are told by an index, and are to be no batch's: requests are counted on from the batches.
      const firstIndex = warmUps + most + index * batchSize;
      const batch = {
        index,
        firstIndex,
        batchSize,
        operation,
        scope,
        tenants,
        ratePerSecond,
      } as const;
      const { isDown, ...seen } = await sendBatch(api, batch);
      batches.push(seen);
      // A target that answers nothing leaves nothing behind.
      if (isDown) break;
    }
    const judged = withoutGarbage(batches.slice(warmUps));
    record.append(
      ...batches.slice(0, warmUps).map((batch) => toLine(batch, true)),
      ...judged.map((batch) => toLine(batch, false)),
    );
  });
}

function toLineOf(
  scope: string,
  batchSize: number,
): (batch: Batch, warmUp: boolean) => RequestLine {
  const uses = { name: NAME, operation: OPERATION, via: 'process' } as const;
  return ({ index, sentAtMs, failure, usedBytes }, warmUp) =>
    lineOf(
      uses,
      { scope, index },
      {
        sentAtMs,
        tenant: null,
        failure,
        requestId: null,
        values: { uses: batchSize, ...(usedBytes === null ? {} : { usedBytes }) },
        checks: {},
        objection: null,
        warmUp,
      },
    );
}
