import { randomBytes } from 'node:crypto';
import { ApiClient } from '../../salestalk/apiClient.ts';
import { startEmbeddedSalesTalk } from '../../setup/embedded.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import type { RunContext } from '../../setup/runContext.ts';
import { refuseBeyondCeilings } from '../api/refuseBeyondCeilings.ts';
import { costOfUses } from '../page/measureUses.ts';
import { mostOf, ofWorkload } from '../page/measuringPages.ts';
import { plainUse, runUses, type Use } from '../page/runUses.ts';

const NAME = 'coldStarts';

export type MeasuringColdStarts = {
  run: RunContext;
  record: RecordWriter;
  start?: typeof startEmbeddedSalesTalk;
};

/**
 * Starts SalesTalk anew beside the target, as the target was started, and stops it once it has answered, again and again: from the
 * spawn of the process to the end of its first answer, that of `/health` on a new connection. Nothing is thrown away first: the target
 * itself was started from the same files, so that none of them comes from a cold disk.
 * @throws HarnessError CEILING_EXCEEDED, START_FAILED, Error for a target that the harness did not start
 */
export async function measureColdStarts({
  run,
  record,
  start = startEmbeddedSalesTalk,
}: MeasuringColdStarts): Promise<void> {
  const most = mostOf(NAME, { run });
  if (most === null) return;
  const { embedded } = run.target;
  if (embedded === null) throw new Error('target is not started by the harness');
  refuseBeyondCeilings([costOfUses(NAME, most)], run, record);
  const startings = {
    name: NAME,
    operation: 'coldStart',
    via: 'process',
    warmUps: 0,
    most,
    serves: ofWorkload(NAME),
    use: () => startOnce(() => start({ ...embedded, jwtSecret: anySecret() })),
  } as const;
  // The first answer takes no model.
  await runUses({ ...startings, model: [] }, { runId: run.id, aiMock: null, record });
}

async function startOnce(start: () => ReturnType<typeof startEmbeddedSalesTalk>): Promise<Use> {
  const sentAtMs = performance.timeOrigin + performance.now();
  const startMs = performance.now();
  await using cleanUp = new AsyncDisposableStack();
  const started = await start();
  cleanUp.defer(() => started.stop());
  const api = new ApiClient({ url: started.url, tokenOf: noToken });
  cleanUp.defer(() => api.close());
  const answer = await api.noop();
  const latencyMs = performance.now() - startMs;
  const use = plainUse({ sentAtMs, values: { latencyMs } });
  return answer === null ? { ...use, failure: 'no answer of /health', values: {} } : use;
}

/** Nobody signs in to a SalesTalk that is stopped once it has answered. */
function anySecret(): string {
  return randomBytes(32).toString('hex');
}

function noToken(): never {
  throw new Error('a cold start needs no token');
}
