import path from 'node:path';
import type { Objective } from '../core/budget/objective.ts';
import { runOf } from '../core/testing/recordOf.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { launchBrowser } from '../probes/testing/launchBrowser.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { startAiMock, startEmbeddedSalesTalk } from '../setup/embedded.ts';
import { RecordWriter } from '../setup/recordWriter.ts';
import { readTokens, tokenFrom } from '../setup/tokens.ts';
import type { MeasuringContext } from '../workloads/measuringContext.ts';
import { runContextOf } from './runContextOf.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const TENANT = 'acme-corp-001';
const SECRET = 'a secret for the time of a test';
const CONTROL_TOKEN = 'a control token for the time of a test';

/** The embedded SalesTalk with a mocked model, and the context to measure its page. The record is deleted in the end. */
export async function embeddedPages(
  objectives: Objective[],
): Promise<MeasuringContext & { recordFile: string } & AsyncDisposable> {
  const cleanUp = new AsyncDisposableStack();
  const folder = cleanUp.use(temporaryFolder());
  const aiMock = await startAiMock({ port: 0, controlToken: CONTROL_TOKEN });
  cleanUp.defer(() => aiMock.stop());
  const salestalk = await startEmbeddedSalesTalk({ jwtSecret: SECRET, aiUrl: aiMock.url });
  cleanUp.defer(() => salestalk.stop());
  const tokens = await readTokens({ SALESTALK_JWT_SECRET: SECRET }, [TENANT], new Date());
  const api = new ApiClient({ url: salestalk.url, tokenOf: tokenFrom(tokens) });
  cleanUp.defer(() => api.close());
  const context = runContextOf();
  const run = {
    ...context,
    reportDir: folder.path,
    recordFile: path.join(folder.path, 'measurements.ndjson'),
    header: runOf(objectives),
    target: { ...context.target, uiUrl: salestalk.url, tenants: [TENANT] },
  };
  return {
    run,
    selected: objectives.map(({ id }) => id),
    api,
    tokens,
    aiMock: new AiMockControl(aiMock.controlUrl ?? '', CONTROL_TOKEN),
    record: new RecordWriter(run),
    openBrowser: (args = []) => launchBrowser([...args]),
    recordFile: run.recordFile,
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}
