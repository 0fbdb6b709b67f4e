import { describeArrivals, describeRate } from '../../core/budget/arrivalModel.ts';
import type { Load } from '../../core/budget/loadSchema.ts';
import type { ModelBehaviour } from '../../probes/aiMock.ts';
import { CONNECTIONS } from '../../salestalk/apiClient.ts';
import { reportProgress } from '../../setup/progressFeed.ts';
import type { ApiContext } from '../api/measureWorkloads.ts';
import { refuseBeyondCeilings } from '../ceilings.ts';
import { LoadModelCalls } from '../modelCalls.ts';
import { recordWorkload } from '../recordWorkload.ts';
import { costOfLoad, type LoadCost } from './loadCeilings.ts';
import { type LoadRun, runSteadyLoad } from './runSteadyLoad.ts';
import { searchKnee } from './searchKnee.ts';

/**
 * Puts the target under a load that its budget describes, and records it; does nothing where no objective of the run needs it, or where
 * the record has it already. After the death of a worker a load is not continued: what it had recorded is judged.
 * @throws HarnessError CEILING_EXCEEDED, AI_MOCK_FAILED, TOKEN_INVALID
 */
export async function measureLoad(name: string, context: ApiContext): Promise<void> {
  const loadRun = loadRunOf(name, context);
  if (loadRun === null) return;
  const { run, record, aiMock } = context;
  const { load, objectives } = loadRun;
  const sampleBudget = Math.max(...objectives.map((objective) => objective.sampleBudget));
  const cost = costOfLoad(load, sampleBudget);
  refuseBeyondCeilings([{ name, ...cost }], run, record);
  const wasBegun = record.soFar.workloads.some(({ workload }) => workload === name);
  const spec = { name, planned: { [name]: cost.requests }, model: modelOf(load) };
  await recordWorkload(spec, { runId: run.id, aiMock, record }, async ({ scope }) => {
    if (wasBegun) return null;
    const note = describeLoad(load, cost);
    reportProgress({ workload: name, state: 'running', clear: [], note });
    // Neither chance nor a quick target may exceed what was planned.
    const planned = { ...load, ceilings: { ...load.ceilings, requests: cost.requests } };
    const calls = aiMock === null ? null : new LoadModelCalls(aiMock, scope);
    const active = { ...loadRun, load: planned, scope, calls };
    return load.search === undefined ? runSteadyLoad(active) : searchKnee(active, load.search);
  });
}

/** All calls alike, streamed or not, since a load is about the time that the target adds. */
function modelOf({ model: { medianMs, p95Ms } }: Load): ModelBehaviour[] {
  return [{ latency: { distribution: 'logNormal', medianMs, p95Ms } }];
}

/** Null where no objective of the run takes this load. */
function loadRunOf(name: string, context: ApiContext): LoadRun | null {
  const { header, target } = context.run;
  const objectives = header.objectives.filter(({ workload }) => workload === name);
  const load = target.loads[name];
  if (objectives.length === 0) return null;
  // A budget that judges a load without describing it was refused earlier.
  if (load === undefined) throw new Error(`no load ${name}`);
  return { ...context, name, load, objectives };
}

/** Announces a load: `open model, 60/s, 2 s to warm up, then 90 s at most, 6,072 requests and …`. */
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
