import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { RunRecord } from '../core/record/runRecord.ts';
import { EMBEDDED_TENANTS, startAiMock, startEmbeddedSalesTalk } from '../fixtures/embedded.ts';
import type { MeasuringPages } from '../fixtures/page/measuringPages.ts';
import { RecordWriter } from '../fixtures/recordWriter.ts';
import type { RunContext } from '../fixtures/runContext.ts';
import { readTokens, tokenFrom } from '../fixtures/target/tokens.ts';
import type { Situations } from '../fixtures/workload/measureMisbehaving.ts';
import { HUNG_PAGE } from '../fixtures/workload/runHungPage.ts';
import { AiMockControl } from '../probes/aiMockControl.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { FLAVOURS } from './flavours.ts';
import { lookFor } from './lookFor.ts';
import type { Searched } from './searched.ts';
import { withSmallerBudgets } from './withSmallerBudgets.ts';

/** Requests per second, all situations of a misbehaving model together. */
const RATE_OF_ONE_OF_SEVERAL = 40;

export type MeasuringFlavours = {
  run: RunContext;
  situations: Situations;
  openBrowser: MeasuringPages['openBrowser'];
};

/**
 * Measures a SalesTalk started for this alone, with the workloads of the perf project, smaller, and gives back the record, which is kept
 * apart from that of the run.
 * @throws RangeError for an unknown flavour, HarnessError START_FAILED and what measuring throws
 */
export async function measureFlavour(
  name: string,
  { run, situations, openBrowser }: MeasuringFlavours,
): Promise<RunRecord> {
  const flavour = FLAVOURS.get(name);
  if (flavour === undefined) throw new RangeError(`there is no flavour ${name}`);
  const { args, by, pages } = flavour;
  const jwtSecret = randomBytes(32).toString('hex');
  const controlToken = randomBytes(24).toString('hex');
  await using cleanUp = new AsyncDisposableStack();
  const aiMock = await startAiMock({ port: 0, controlToken });
  cleanUp.defer(() => aiMock.stop());
  const salestalk = await startEmbeddedSalesTalk({
    jwtSecret,
    aiUrl: aiMock.url,
    args,
  });
  cleanUp.defer(() => salestalk.stop());
  const { url } = salestalk;
  const tenants = [...EMBEDDED_TENANTS];
  const tokens = await readTokens({ SALESTALK_JWT_SECRET: jwtSecret }, tenants, new Date());
  const api = new ApiClient({ url, tokenOf: tokenFrom(tokens) });
  cleanUp.defer(() => api.close());
  const own: RunContext = {
    ...run,
    id: `${run.id}-${name}`,
    recordFile: path.join(run.reportDir, 'selfcheck', `${name}.ndjson`),
    header: { ...withSmallerBudgets(run.header), id: `${run.id}-${name}` },
    target: {
      ...run.target,
      ...{ apiUrl: url, uiUrl: url, tenants },
      embedded: { aiUrl: aiMock.url, args },
      ceilings: slower(run, by),
    },
  };
  const record = new RecordWriter(own);
  await lookFor(by, {
    run: own,
    api,
    aiMock: new AiMockControl(aiMock.controlUrl ?? '', controlToken),
    record,
    tokens,
    situations: pages ? situations : withoutPages(situations),
    openBrowser,
    selected: own.header.objectives.map(({ id }) => id),
  });
  return record.read();
}

/** Several flavours share the machine: each sends so much less. */
function slower({ target }: RunContext, by: Searched[]): RunContext['target']['ceilings'] {
  return by.every((one) => one === 'misbehavingModel')
    ? { ...target.ceilings, requestsPerSecond: RATE_OF_ONE_OF_SEVERAL }
    : target.ceilings;
}

function withoutPages({ waiting, meanwhile }: Situations): Situations {
  return { waiting: waiting.filter((name) => name !== HUNG_PAGE), meanwhile };
}
