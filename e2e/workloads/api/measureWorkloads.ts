import type { AiMockControl } from '../../probes/aiMock.ts';
import type { ApiClient } from '../../salestalk/apiClient.ts';
import { reportNowAndThen } from '../../setup/progressFeed.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import type { RunContext } from '../../setup/runContext.ts';
import { allOrFirstFailure } from './allOrFirstFailure.ts';
import type { Look } from './look.ts';
import { planObjectives } from './planObjectives.ts';
import { progressOf } from './progress.ts';
import { refuseBeyondCeilings } from './refuseBeyondCeilings.ts';
import { runWorkload } from './runWorkload.ts';
import type { Workload } from './workload.ts';
import { costOfWorkload } from './workloadCost.ts';

/** What measuring takes. */
export type Measuring = {
  run: RunContext;
  api: ApiClient;
  aiMock: AiMockControl | null;
  record: RecordWriter;
};

/**
 * Measures workloads at the same time, and says how far each is while it lasts. Those that the record has already are left alone.
 * @throws HarnessError CEILING_EXCEEDED, BUDGET_INVALID, AI_MOCK_FAILED, TOKEN_INVALID
 */
export async function measureWorkloads(
  workloads: readonly Workload[],
  { run, api, aiMock, record }: Measuring,
): Promise<void> {
  const { header, target } = run;
  const costs = workloads.map((workload) => costOfWorkload(workload, target.tenants));
  refuseBeyondCeilings(costs, run, record);
  // An objective that can never be established is refused before anything is sent.
  for (const workload of workloads) planObjectives(workload, header, target.ceilings);
  await allOrFirstFailure(
    workloads.map((workload) => {
      const { name } = workload;
      const onLook = (look: Look) => reportNowAndThen(name, () => progressOf(look));
      const { tenants } = target;
      return runWorkload({ workload, runId: run.id, tenants, api, aiMock, record, onLook });
    }),
  );
}
