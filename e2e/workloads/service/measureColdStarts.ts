import { randomBytes } from 'node:crypto';
import { ApiClient } from '../../salestalk/apiClient.ts';
import { startEmbeddedSalesTalk } from '../../setup/embedded.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import type { RunContext } from '../../setup/runContext.ts';
import { refuseBeyondCeilings } from '../ceilings.ts';
import {
  costOfIterations,
  maxSampleBudget,
  runIterations,
  type Sample,
  servesWorkload,
  successfulSample,
} from '../iterations.ts';

const NAME = 'coldStarts';

export type ColdStartContext = {
  run: RunContext;
  record: RecordWriter;
  start?: typeof startEmbeddedSalesTalk;
};

/**
 * Starts SalesTalk again and again beside the target, in the same way, and stops it once it has answered: measures from the start of the
 * process to the end of its first answer, that of `/health` on a new connection. There is no warm-up: the target itself was started from
 * the same files, so that none of them comes from a cold disk.
 * @throws HarnessError CEILING_EXCEEDED, START_FAILED, Error for a target that the harness did not start
 */
export async function measureColdStarts({
  run,
  record,
  start = startEmbeddedSalesTalk,
}: ColdStartContext): Promise<void> {
  const maxIterations = maxSampleBudget(NAME, run);
  if (maxIterations === null) return;
  const { embedded } = run.target;
  if (embedded === null) throw new Error('target is not started by the harness');
  refuseBeyondCeilings([costOfIterations(NAME, maxIterations)], run, record);
  const iterations = {
    name: NAME,
    operation: 'coldStart',
    via: 'process',
    warmUps: 0,
    maxIterations,
    serves: servesWorkload(NAME),
    measureOne: () => startOnce(() => start({ ...embedded, jwtSecret: anySecret() })),
  } as const;
  // The first answer needs no model.
  await runIterations({ ...iterations, model: [] }, { runId: run.id, aiMock: null, record });
}

async function startOnce(start: () => ReturnType<typeof startEmbeddedSalesTalk>): Promise<Sample> {
  const sentAtMs = performance.timeOrigin + performance.now();
  const startMs = performance.now();
  await using cleanUp = new AsyncDisposableStack();
  const started = await start();
  cleanUp.defer(() => started.stop());
  const api = new ApiClient({ url: started.url, tokenOf: noToken });
  cleanUp.defer(() => api.close());
  const answer = await api.noop();
  const latencyMs = performance.now() - startMs;
  const sample = successfulSample({ sentAtMs, values: { latencyMs } });
  return answer === null ? { ...sample, failure: 'no answer of /health', values: {} } : sample;
}

/** Nobody signs in to a SalesTalk that is stopped once it has answered. */
function anySecret(): string {
  return randomBytes(32).toString('hex');
}

function noToken(): never {
  throw new Error('a cold start needs no token');
}
