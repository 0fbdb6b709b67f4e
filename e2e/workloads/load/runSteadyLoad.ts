import type { ArrivalModel } from '../../core/budget/arrivalModel.ts';
import { perSecond } from '../../core/budget/arrivalModel.ts';
import { expectedJudged, type Load } from '../../core/budget/loadSchema.ts';
import type { Objective } from '../../core/budget/objective.ts';
import type { LoadStep } from '../../core/record/loadLine.ts';
import { seededDraw } from '../../core/statistics/seededDraw.ts';
import { arrivalTimes, ResumableSchedule } from '../../engine/arrivalTimes.ts';
import { reportNowAndThen } from '../../setup/progressFeed.ts';
import type { ApiContext } from '../api/measureWorkloads.ts';
import type { LoadModelCalls } from '../modelCalls.ts';
import { type HarnessTimes, seedOf } from '../recordWorkload.ts';
import { checkLoadProgress, isClear, loadProgressReporter } from './loadProgress.ts';
import { LoadRecorder } from './loadRecorder.ts';
import { createLoadSender, type LoadRequestPlan, loadRequestPlanner } from './loadRequests.ts';
import { closedLoadModel, openLoadModel, runLoadPart, type WorkloadModel } from './runLoadPart.ts';
import { watchMemory } from './watchMemory.ts';
import { watchProcesses } from './watchProcesses.ts';

/** A load to be measured, and the objectives that it is measured for. */
export type LoadRun = ApiContext & {
  name: string;
  load: Load;
  objectives: readonly Objective[];
};

/** A load that is being measured. */
export type ActiveLoad = LoadRun & { scope: string; calls: LoadModelCalls | null };

/**
 * Offers a load until all its objectives are clear, the target is down, or the time of the budget is up. Requests that were in flight when
 * all seemed clear can change that; then it goes on.
 * @throws HarnessError TOKEN_INVALID, AI_MOCK_FAILED; the record keeps what was measured before
 */
export async function runSteadyLoad(active: ActiveLoad): Promise<HarnessTimes> {
  const { name, load, run, api, aiMock, record, scope, calls } = active;
  const objectives = active.objectives.filter(({ metric }) => metric.countsUnderLoad !== 'reading');
  const recorder = new LoadRecorder(objectives, record);
  const stop = new AbortController();
  const planOf = loadRequestPlanner(name, load, run.target.tenants);
  const sender = createLoadSender(api, scope, planOf, () => stop.abort());
  const memory = await watchMemory(api, {
    workload: name,
    scope,
    objectives: active.objectives,
    expected: expectedJudged(load),
    append: (...lines) => record.append(...lines),
  });
  const endWatch = await watchProcesses({ readTarget: () => api.readProcess(), aiMock });
  const describeProgress = loadProgressReporter();
  const isEnough = (): boolean =>
    recorder.isDown || (isClear(recorder, run.header) && memory?.isComplete() !== false);
  const parts = partsOf(load, name, planOf);
  for (let warmUpMs = load.warmUpSeconds * 1000; !isEnough(); warmUpMs = 0) {
    const model = parts.next();
    if (model === null) break;
    await runLoadPart({
      workload: name,
      scope,
      step: stepOf(load),
      model,
      first: recorder.next,
      warmUpMs,
      sender,
      recorder,
      calls,
      onProgress(inFlight) {
        reportNowAndThen(name, () =>
          describeProgress(inFlight, recorder, checkLoadProgress(recorder, run.header)),
        );
        return isEnough();
      },
      ...(memory === null ? {} : { onJudged: memory.onJudged }),
      signal: stop.signal,
    });
  }
  await memory?.end();
  record.append(...(await endWatch({ workload: name, ratePerSecond: null })));
  return {
    lateP50Ms: recorder.late.quantileMs(0.5),
    lateP99Ms: recorder.late.quantileMs(0.99),
    modelLateP99Ms: calls?.lateP99Ms ?? null,
  };
}

/** Parts of a load, each of which continues where the one before stopped; null once nothing is left. */
function partsOf(
  load: Load,
  name: string,
  planOf: (index: number) => LoadRequestPlan,
): { next: () => WorkloadModel | null } {
  const { arrivals, warmUpSeconds, durationSeconds = 0 } = load;
  const seconds = warmUpSeconds + durationSeconds;
  if (arrivals === undefined) {
    // A closed model cannot be continued: its users have left.
    const only = [closedLoadModel(load, planOf, seconds * 1000)];
    return { next: () => only.shift() ?? null };
  }
  const times = arrivalTimes(arrivals, seconds, seededDraw(seedOf(name)));
  const maxRequests = load.ceilings.requests ?? Number.POSITIVE_INFINITY;
  const schedule = new ResumableSchedule(times.take(maxRequests));
  return { next: () => (schedule.isOver ? null : openLoadModel(schedule)) };
}

function stepOf({ arrivals }: Load): LoadStep {
  if (arrivals === undefined) return { model: 'closed', ratePerSecond: null };
  return { model: 'open', ratePerSecond: steadyRate(arrivals) };
}

function steadyRate(arrivals: ArrivalModel): number | null {
  const isSteady = arrivals.model === 'constant' || arrivals.model === 'poisson';
  return isSteady ? perSecond(arrivals.rate) : null;
}
