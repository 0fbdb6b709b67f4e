import type { ArrivalModel } from '../../core/load/arrivalModel.ts';
import { expectedJudged } from '../../core/load/expectedJudged.ts';
import type { Load } from '../../core/load/loadSchema.ts';
import { loadUnitOf } from '../../core/load/loadUnit.ts';
import { perSecond } from '../../core/load/rate.ts';
import type { LoadStep } from '../../core/record/loadLine.ts';
import { seededDraw } from '../../core/statistics/seededDraw.ts';
import { arrivalTimes, PartedSchedule } from '../../engine/arrivalTimes.ts';

import { reportNowAndThen } from '../../setup/progressFeed.ts';

import type { LoadModelCalls } from '../modelCalls.ts';
import { type HarnessTimes, seedOf } from '../recordWorkload.ts';
import { checkLoadProgress, isClear, loadProgress } from './loadProgress.ts';
import { LoadRecorder } from './loadRecorder.ts';
import { createLoadSender, type LoadRequestPlan, loadRequestPlanner } from './loadRequests.ts';
import type { LoadRun } from './measureLoad.ts';
import {
  capped,
  closedLoadModel,
  openLoadModel,
  runLoadPart,
  type WorkloadModel,
} from './runLoadPart.ts';
import { watchMemory } from './watchMemory.ts';
import { watchProcesses } from './watchProcesses.ts';

/** A load that is under way. */
export type ActiveLoad = LoadRun & { scope: string; calls: LoadModelCalls | null };

/**
 * Offers a load for as long as the budget says, or until all that it is measured for is clear, or the target is down. What was out
 * when all seemed clear can unsettle that; then it goes on.
 * @throws HarnessError TOKEN_INVALID, AI_MOCK_FAILED; what was measured up to then stays in the record
 */
export async function runSteadyLoad(under: ActiveLoad): Promise<HarnessTimes> {
  const { name, load, run, api, aiMock, record, scope, calls } = under;
  const objectives = under.objectives.filter((one) => loadUnitOf(one) !== 'reading');
  const recorder = new LoadRecorder(objectives, record);
  const stop = new AbortController();
  const planOf = loadRequestPlanner(name, load, run.target.tenants);
  const sender = createLoadSender(api, scope, planOf, () => stop.abort());
  const memory = await watchMemory(api, {
    workload: name,
    scope,
    objectives: under.objectives,
    expected: expectedJudged(load),
    append: (...lines) => record.append(...lines),
  });
  const endWatch = await watchProcesses({ readTarget: () => api.readProcess(), aiMock });
  const progress = loadProgress();
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
      onLook(moment) {
        reportNowAndThen(name, () =>
          progress(moment.inFlight, recorder, checkLoadProgress(recorder, run.header)),
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

/** Parts of a load, one after the other, each of which takes up where the one before was broken off; null once nothing is left. */
function partsOf(
  load: Load,
  name: string,
  planOf: (index: number) => LoadRequestPlan,
): { next: () => WorkloadModel | null } {
  const { arrivals, warmUpSeconds, durationSeconds = 0 } = load;
  const seconds = warmUpSeconds + durationSeconds;
  if (arrivals === undefined) {
    // Users who were told to go do not come back.
    const only = [closedLoadModel(load, planOf, seconds * 1000)];
    return { next: () => only.shift() ?? null };
  }
  const times = arrivalTimes(arrivals, seconds, seededDraw(seedOf(name)));
  const most = load.ceilings.requests ?? Number.POSITIVE_INFINITY;
  const schedule = new PartedSchedule(capped(times, most));
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
