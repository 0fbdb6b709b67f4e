import type { Objective } from '../../core/budget/objective.ts';
import { describeArrivals } from '../../core/load/arrivalModel.ts';
import type { Load } from '../../core/load/loadSchema.ts';
import { describeRate } from '../../core/load/rate.ts';
import type { ModelBehaviour } from '../../probes/aiMock.ts';

import { CONNECTIONS } from '../../salestalk/apiClient.ts';
import { reportProgress } from '../../setup/progressFeed.ts';
import type { ApiContext } from '../api/measureWorkloads.ts';
import { refuseBeyondCeilings } from '../ceilings.ts';
import { LoadModelCalls } from '../modelCalls.ts';
import { recordWorkload, type WorkloadContext } from '../recordWorkload.ts';
import { costOfLoad, type LoadCost } from './loadCeilings.ts';
import { runSteadyLoad } from './runSteadyLoad.ts';
import { searchKnee } from './searchKnee.ts';

/**
 * Puts the target under the load that its budget describes under this name, and records what came of it; does nothing where no objective of the run
 * takes it, or where the record has it already. A load that a worker died over is not gone on with: what it had recorded is judged.
 * @throws HarnessError CEILING_EXCEEDED, AI_MOCK_FAILED, TOKEN_INVALID
 */
export async function measureLoad(name: string, measuring: ApiContext): Promise<void> {
  const loadRun = loadRunOf(name, measuring);
  if (loadRun === null) return;
  const { run, record, aiMock } = measuring;
  const { load, objectives } = loadRun;
  const sampleBudget = Math.max(...objectives.map((objective) => objective.sampleBudget));
  const cost = costOfLoad(load, sampleBudget);
  refuseBeyondCeilings([{ name, ...cost }], run, record);
  const wasBegun = record.soFar.workloads.some(({ workload }) => workload === name);
  const frame = { name, planned: { [name]: cost.requests }, model: modelOf(load) };
  await recordWorkload(frame, { runId: run.id, aiMock, record }, async (framed) => {
    if (wasBegun) return null;
    const note = describeLoad(load, cost);
    reportProgress({ workload: name, state: 'running', clear: [], note });
    // What was planned is not exceeded either, whatever chance or a quick target makes of it.
    const planned = { ...load, ceilings: { ...load.ceilings, requests: cost.requests } };
    return measureFramed({ ...loadRun, load: planned }, framed);
  });
}

function measureFramed(loadRun: LoadRun, { scope }: WorkloadContext) {
  const { aiMock, load } = loadRun;
  const calls = aiMock === null ? null : new LoadModelCalls(aiMock, scope);
  const under = { ...loadRun, scope, calls };
  return load.search === undefined ? runSteadyLoad(under) : searchKnee(under, load.search);
}

/** Every call alike, streamed or not: what a load is about is what comes on top. */
function modelOf({ model: { medianMs, p95Ms } }: Load): ModelBehaviour[] {
  return [{ latency: { distribution: 'logNormal', medianMs, p95Ms } }];
}

/** A load that is to be measured: its name, what the budget says of it, and the objectives that it is measured for. */
export type LoadRun = ApiContext & {
  name: string;
  load: Load;
  objectives: readonly Objective[];
};

/** Null where no objective of the run takes this load. */
function loadRunOf(name: string, measuring: ApiContext): LoadRun | null {
  const { header, target } = measuring.run;
  const objectives = header.objectives.filter(({ workload }) => workload === name);
  const load = target.loads[name];
  if (objectives.length === 0) return null;
  // The budget was refused where it judges by a load that it does not describe.
  if (load === undefined) throw new Error(`no load ${name}`);
  return { ...measuring, name, load, objectives };
}

/** What a load will do, before it begins: `open model, 60/s, 2 s to warm up, then 90 s at most, 6,072 requests and …`. */
function describeLoad(load: Load, cost: LoadCost): string {
  const { arrivals, users, search, warmUpSeconds } = load;
  const seconds = `${warmUpSeconds} s to warm up, then ${load.durationSeconds} s at most`;
  const count = (n: number) => n.toLocaleString('en-US');
  const most = `${count(cost.requests)} requests and ${count(CONNECTIONS)} connections at most`;
  if (search !== undefined) {
    const range = `from ${describeRate(search.from)} to ${describeRate(search.to)}`;
    return `open model, steps of ${search.stepSeconds} s ${range}, ${most}`;
  }
  if (arrivals !== undefined) {
    return `open model, ${describeArrivals(arrivals)}, ${seconds}, ${most}`;
  }
  return `closed model of ${users} users, whose rate follows the answers, ${seconds}, ${most}`;
}
