import type { Load } from '../../core/load/loadSchema.ts';
import type { ModelBehaviour } from '../../probes/aiMock.ts';
import { reportProgress } from '../../setup/progressFeed.ts';
import { asWorkload, type Framed } from '../api/asWorkload.ts';
import type { Measuring } from '../api/measureWorkloads.ts';
import { refuseBeyondCeilings } from '../api/refuseBeyondCeilings.ts';
import { describeLoad } from './describeLoad.ts';
import { costOfLoad } from './loadCost.ts';
import { LoadModelCalls } from './loadModelCalls.ts';
import { type LoadRun, loadRunOf } from './loadRun.ts';
import { offerSteady } from './offerSteady.ts';
import { searchKnee } from './searchKnee.ts';

/**
 * Puts the target under the load that its budget describes under this name, and records what came of it; does nothing where no objective of the run
 * takes it, or where the record has it already. A load that a worker died over is not gone on with: what it had recorded is judged.
 * @throws HarnessError CEILING_EXCEEDED, AI_MOCK_FAILED, TOKEN_INVALID
 */
export async function measureLoad(name: string, measuring: Measuring): Promise<void> {
  const loadRun = loadRunOf(name, measuring);
  if (loadRun === null) return;
  const { run, record, aiMock } = measuring;
  const { load, objectives } = loadRun;
  const sampleBudget = Math.max(...objectives.map((objective) => objective.sampleBudget));
  const cost = costOfLoad(load, sampleBudget);
  refuseBeyondCeilings([{ name, ...cost }], run, record);
  const wasBegun = record.soFar.workloads.some(({ workload }) => workload === name);
  const frame = { name, planned: { [name]: cost.requests }, model: modelOf(load) };
  await asWorkload(frame, { runId: run.id, aiMock, record }, async (framed) => {
    if (wasBegun) return null;
    const note = describeLoad(load, cost);
    reportProgress({ workload: name, state: 'running', clear: [], note });
    // What was planned is not exceeded either, whatever chance or a quick target makes of it.
    const planned = { ...load, ceilings: { ...load.ceilings, requests: cost.requests } };
    return measureFramed({ ...loadRun, load: planned }, framed);
  });
}

function measureFramed(loadRun: LoadRun, { scope }: Framed) {
  const { aiMock, load } = loadRun;
  const calls = aiMock === null ? null : new LoadModelCalls(aiMock, scope);
  const under = { ...loadRun, scope, calls };
  return load.search === undefined ? offerSteady(under) : searchKnee(under, load.search);
}

/** Every call alike, streamed or not: what a load is about is what comes on top. */
function modelOf({ model: { medianMs, p95Ms } }: Load): ModelBehaviour[] {
  return [{ latency: { distribution: 'logNormal', medianMs, p95Ms } }];
}
