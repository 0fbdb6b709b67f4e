import { openLoop } from '../../engine/openModel.ts';
import type { ApiClient } from '../../salestalk/apiClient.ts';
import { QUESTIONS } from '../../salestalk/questions.ts';
import { refuseRejectedToken } from '../api/refuseRejectedToken.ts';
import { readUsedHeap } from './readUsedHeap.ts';

/** Requests of which the memory was read once, and what came of them. */
export type Batch = {
  index: number;
  sentAtMs: number;
  failure: string | null;
  /** Heap in use once they had been answered; null where the target did not tell. */
  usedBytes: number | null;
};

export type BatchPlan = {
  index: number;
  /** Place of the first request. */
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
export async function sendBatch(
  api: ApiClient,
  { index, firstIndex, batchSize, operation, scope, tenants, ratePerSecond }: BatchPlan,
): Promise<Batch & { isDown: boolean }> {
  const sentAtMs = performance.timeOrigin + performance.now();
  const failures: string[] = [];
  const rejected: Parameters<typeof refuseRejectedToken>[0][] = [];
  await openLoop({
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
