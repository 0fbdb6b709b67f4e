import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { RunRecord } from '../core/record/runRecord.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { EMBEDDED_TENANTS, startAiMock, startEmbeddedSalesTalk } from '../setup/embedded.ts';
import { RecordWriter } from '../setup/recordWriter.ts';
import type { RunContext } from '../setup/runContext.ts';
import { readTokens, tokenFrom } from '../setup/tokens.ts';
import type { MisbehavingOptions, Situations } from '../workloads/page/measureMisbehaving.ts';
import type { PageContext } from '../workloads/page/pageContext.ts';
import { withSmallerBudgets } from './withSmallerBudgets.ts';

/** What a SalesTalk of our own is measured with. */
export type MeasuringFlavours = {
  run: RunContext;
  situations: Situations;
  openBrowser: PageContext['openBrowser'];
  /** Awaited once all is started, before anything is measured. */
  whenToMeasure?: () => Promise<void>;
};

/** Measures under a name of its own, with smaller budgets, and gives back the record, which is kept apart from that of the run. */
export type MeasureAs = (
  name: string,
  measure: (options: MisbehavingOptions) => Promise<void>,
) => Promise<RunRecord>;

/**
 * Starts a SalesTalk and an AI mock for this alone, and ends them once the work is done.
 * @throws HarnessError START_FAILED and what the work throws
 */
export async function withSalesTalk<T>(
  args: string[],
  { run, situations, openBrowser, whenToMeasure }: MeasuringFlavours,
  work: (measureAs: MeasureAs) => Promise<T>,
): Promise<T> {
  const jwtSecret = randomBytes(32).toString('hex');
  const controlToken = randomBytes(24).toString('hex');
  await using cleanUp = new AsyncDisposableStack();
  const aiMock = await startAiMock({ port: 0, controlToken });
  cleanUp.defer(() => aiMock.stop());
  const embedded = { aiUrl: aiMock.url, args };
  const salestalk = await startEmbeddedSalesTalk({ jwtSecret, ...embedded });
  cleanUp.defer(() => salestalk.stop());
  const { url } = salestalk;
  const tenants = [...EMBEDDED_TENANTS];
  const tokens = await readTokens({ SALESTALK_JWT_SECRET: jwtSecret }, tenants, new Date());
  const api = new ApiClient({ url, tokenOf: tokenFrom(tokens) });
  cleanUp.defer(() => api.close());
  await whenToMeasure?.();
  // Awaited here, since all is stopped when this function ends.
  return await work(async (name, measure) => {
    const id = `${run.id}-${name}`;
    const own: RunContext = {
      ...run,
      id,
      recordFile: path.join(run.reportDir, 'selfcheck', `${name}.ndjson`),
      header: { ...withSmallerBudgets(run.header), id },
      target: { ...run.target, apiUrl: url, uiUrl: url, tenants, embedded },
    };
    const record = new RecordWriter(own);
    await measure({
      run: own,
      api,
      aiMock: new AiMockControl(aiMock.controlUrl ?? '', controlToken),
      record,
      tokens,
      situations,
      openBrowser,
      selected: own.header.objectives.map((objective) => objective.id),
    });
    return record.read();
  });
}
