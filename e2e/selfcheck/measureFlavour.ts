import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { RunRecord } from '../core/record/runRecord.ts';
import { startAiMock, startEmbeddedSalesTalk } from '../fixtures/embedded.ts';
import { RecordWriter } from '../fixtures/recordWriter.ts';
import type { RunContext } from '../fixtures/runContext.ts';
import { readTokens } from '../fixtures/target/tokens.ts';
import { runWorkload } from '../fixtures/workload/runWorkload.ts';
import type { Workload } from '../fixtures/workload/workload.ts';
import { availability, latencyBaseline } from '../fixtures/workload/workloads.ts';
import { AiMockControl } from '../probes/aiMockControl.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { SEED_TENANTS } from '../salestalk/questions.ts';

const MOST_EVENTS = 200;

export type Flavour = {
  /** Arguments that the embedded SalesTalk is started with. */
  args: string[];
  withAvailability: boolean;
  /** Where the record goes. */
  outputDir: string;
  run: RunContext;
};

/**
 * Measures a SalesTalk started for this alone, with the workloads of the perf project offered faster and with a quick model,
 * and gives back the record, which is kept apart from that of the run.
 */
export async function measureFlavour({
  args,
  withAvailability,
  outputDir,
  run,
}: Flavour): Promise<RunRecord> {
  const jwtSecret = randomBytes(32).toString('hex');
  const controlToken = randomBytes(24).toString('hex');
  await using cleanUp = new AsyncDisposableStack();
  const aiMock = await startAiMock({ port: 0, controlToken });
  cleanUp.defer(() => aiMock.stop());
  const salestalk = await startEmbeddedSalesTalk({
    jwtSecret,
    aiUrl: aiMock.url,
    extraTenants: 0,
    args,
  });
  cleanUp.defer(() => salestalk.stop());
  const tokens = await readTokens({ SALESTALK_JWT_SECRET: jwtSecret }, SEED_TENANTS, new Date());
  const api = new ApiClient({ url: salestalk.url, tokenOf: (tenant) => tokens.get(tenant) ?? '' });
  cleanUp.defer(() => api.close());
  const header = withSmallerBudgets(run.header);
  const record = new RecordWriter({
    header,
    id: run.id,
    recordFile: path.join(outputDir, 'measurements.ndjson'),
  });
  const control = new AiMockControl(aiMock.controlUrl ?? '', controlToken);
  for (const workload of workloadsOf({ ...run, header }, withAvailability)) {
    const onLook = (): void => undefined;
    await runWorkload({
      workload,
      runId: run.id,
      tenants: SEED_TENANTS,
      api,
      aiMock: control,
      record,
      onLook,
    });
  }
  return record.read();
}

function workloadsOf({ header, target }: RunContext, withAvailability: boolean): Workload[] {
  const offer = { objectives: header.objectives, most: target.ceilings.requestsPerSecond };
  const quick: Workload = {
    ...latencyBaseline(offer),
    ratePerSecond: 25,
    model: [{ latency: { distribution: 'constant', ms: 50 } }],
  };
  return withAvailability ? [quick, availability(offer)] : [quick];
}

/** A planted defect shows at once; what a noisy moment leaves open need not be pursued for minutes. */
function withSmallerBudgets(header: RunContext['header']): RunContext['header'] {
  const objectives = header.objectives.map((objective) =>
    objective.workload === null
      ? objective
      : { ...objective, sampleBudget: Math.min(objective.sampleBudget, MOST_EVENTS) },
  );
  return { ...header, objectives };
}
