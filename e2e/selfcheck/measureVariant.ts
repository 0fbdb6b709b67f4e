import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { RunRecord } from '../core/record/runRecord.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { EMBEDDED_TENANTS, startAiMock, startEmbeddedSalesTalk } from '../setup/embedded.ts';
import { RecordWriter } from '../setup/recordWriter.ts';
import type { RunContext } from '../setup/runContext.ts';
import { readTokens, tokenFrom } from '../setup/tokens.ts';
import { SITUATIONS, type Situations } from '../workloads/api/situations.ts';
import type { MeasuringContext } from '../workloads/measuringContext.ts';
import { HUNG_PAGE } from '../workloads/page/hungPage.ts';
import { measureSuites, reduceSampleBudgets } from './suites.ts';
import type { Variant } from './variants.ts';

/** Requests per second when all situations of a misbehaving model are measured, and when some are, of more variants at once. */
const RATE_OF_ALL_SITUATIONS = 40;
const RATE_OF_SOME_SITUATIONS = 20;

type VariantContext = Pick<MeasuringContext, 'run' | 'openBrowser'> & {
  /** Awaited once all is started, before anything is measured. */
  whenToMeasure?: () => Promise<void>;
};

/** Measures with smaller sample budgets, and resolves to a record of this name, apart from that of the run. */
export type MeasureRecord = (
  name: string,
  measure: (context: MeasuringContext) => Promise<void>,
) => Promise<RunRecord>;

/** Resolves to the record of this name. @throws HarnessError START_FAILED and what measuring throws */
export async function measureVariant(
  variant: Variant,
  name: string,
  { run, openBrowser, ...rest }: VariantContext,
): Promise<RunRecord> {
  const { args, suites, includesPage } = variant;
  // The start of a browser would disturb the variants beside it. Suites that measure pages only open and close their own.
  const opensEarly = includesPage && suites.includes('misbehavingModel');
  await using browser = opensEarly ? await openBrowser() : null;
  const context = {
    ...rest,
    run: { ...run, target: { ...run.target, ceilings: lowerCeilings(run, variant) } },
    openBrowser: browser === null ? openBrowser : async () => browser,
  };
  // Awaited here, since the browser ends when this function does.
  return await withSalesTalk(args, context, (measureRecord) =>
    measureRecord(name, (measuring) => measureSuites(suites, measuring, selectSituations(variant))),
  );
}

/** Several variants share the machine: each sends less. */
function lowerCeilings(
  { target }: RunContext,
  { suites, situations }: Variant,
): RunContext['target']['ceilings'] {
  if (suites.some((suite) => suite !== 'misbehavingModel')) return target.ceilings;
  const requestsPerSecond = situations === null ? RATE_OF_ALL_SITUATIONS : RATE_OF_SOME_SITUATIONS;
  return { ...target.ceilings, requestsPerSecond };
}

function selectSituations({ situations, includesPage }: Variant): Situations {
  const isMeasured = (name: string) =>
    (situations?.includes(name) ?? true) && (includesPage || name !== HUNG_PAGE);
  return Object.fromEntries(Object.entries(SITUATIONS).filter(([name]) => isMeasured(name)));
}

/** Starts a SalesTalk and an AI mock for this work alone. @throws HarnessError START_FAILED and what the work throws */
export async function withSalesTalk<T>(
  args: string[],
  { run, openBrowser, whenToMeasure }: VariantContext,
  work: (measureRecord: MeasureRecord) => Promise<T>,
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
      header: { ...reduceSampleBudgets(run.header), id },
      target: { ...run.target, apiUrl: url, uiUrl: url, tenants, embedded },
    };
    const record = new RecordWriter(own);
    await measure({
      run: own,
      api,
      aiMock: new AiMockControl(aiMock.controlUrl ?? '', controlToken),
      record,
      tokens,
      openBrowser,
      selected: own.header.objectives.map((objective) => objective.id),
    });
    return record.read();
  });
}
