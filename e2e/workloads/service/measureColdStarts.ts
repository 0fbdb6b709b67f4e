import { randomBytes } from 'node:crypto';
import { ApiClient } from '../../salestalk/apiClient.ts';
import { startEmbeddedSalesTalk } from '../../setup/embedded.ts';
import { measureIterations, type Sample } from '../iterations.ts';
import type { WorkloadContext } from '../measuringContext.ts';
import { nowEpochMs } from '../recordWorkload.ts';

/**
 * Starts SalesTalk repeatedly, in the same way as the target, and measures from the start of the process to the end of its first answer,
 * that of `/health`. There is no warm-up: the target was started from the same files, so none of them is read from a cold disk.
 * @throws HarnessError CEILING_EXCEEDED, START_FAILED, Error for a target that the harness did not start
 */
export async function measureColdStarts(
  context: WorkloadContext,
  start = startEmbeddedSalesTalk,
): Promise<void> {
  const iterations = { name: 'coldStarts', operation: 'coldStart', warmUps: 0, model: [] };
  // The first answer needs no model.
  await measureIterations(iterations, { ...context, aiMock: null }, async () => {
    const { embedded } = context.run.target;
    if (embedded === null) throw new Error('target is not started by the harness');
    return () => {
      // Never used: the process is stopped before anyone signs in.
      const jwtSecret = randomBytes(32).toString('hex');
      return startOnce(() => start({ ...embedded, jwtSecret }));
    };
  });
}

async function startOnce(start: () => ReturnType<typeof startEmbeddedSalesTalk>): Promise<Sample> {
  const sentAtMs = nowEpochMs();
  await using cleanUp = new AsyncDisposableStack();
  const started = await start();
  cleanUp.defer(() => started.stop());
  const tokenOf = (): never => {
    throw new Error('a cold start needs no token');
  };
  const api = new ApiClient({ url: started.url, tokenOf });
  cleanUp.defer(() => api.close());
  const answer = await api.noop();
  const latencyMs = nowEpochMs() - sentAtMs;
  return answer === null
    ? { type: 'start', sentAtMs, failure: 'no answer of /health', values: {} }
    : { type: 'start', sentAtMs, failure: null, values: { latencyMs } };
}
