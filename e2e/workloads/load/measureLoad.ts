import {
  type ArrivalModel,
  describeArrivals,
  describeRate,
  perSecond,
} from '../../core/budget/arrivalModel.ts';
import { expectedJudged, type Load } from '../../core/budget/loadSchema.ts';
import { planLoadStarts } from '../../core/budget/loadStarts.ts';
import type { Objective } from '../../core/budget/objective.ts';
import type { RunLine } from '../../core/record/recordLine.ts';
import { seededDraw } from '../../core/statistics/seededDraw.ts';
import { arrivalTimes, ResumableSchedule } from '../../engine/arrivalTimes.ts';
import { takeSegment, WHOLE } from '../../engine/segment.ts';
import { watchProcesses } from '../../probes/watchProcesses.ts';
import { CONNECTIONS } from '../../salestalk/operations.ts';
import { reportNowAndThen, reportProgress } from '../../setup/progressFeed.ts';
import { refuseBeyondCeilings } from '../ceilings.ts';
import { checkTally, describeProgress } from '../checkProgress.ts';
import { type MeasuringContext, objectivesToMeasure } from '../measuringContext.ts';
import { LoadModelCalls } from '../modelCalls.ts';
import { deriveSeed, type HarnessTimes, recordWorkload } from '../recordWorkload.ts';
import { watchMemory } from '../service/heapReadings.ts';
import { computeLoadCost, type LoadCost } from '../workloadCost.ts';
import { waitForPreparation, waitForStart } from './commonStart.ts';
import { LoadRecorder } from './loadRecorder.ts';
import { createRequestPlanner } from './loadRequests.ts';
import {
  type ActiveLoad,
  closedLoadModel,
  type LoadModel,
  openLoadModel,
  runLoadPart,
} from './runLoad.ts';
import { searchKnee } from './searchKnee.ts';

/**
 * Puts the target under a load that its budget describes, and records it. Does nothing if no objective of the run needs it or the record
 * has it already. After the death of a worker a load is not continued: what was recorded is judged. A shard offers its segment of the load,
 * from the common moment to the end.
 * @throws HarnessError CEILING_EXCEEDED, AI_MOCK_FAILED, TOKEN_INVALID, SHARD_INVALID
 */
export async function measureLoad(name: string, context: MeasuringContext): Promise<void> {
  const { run, record, aiMock } = context;
  const isServed = ({ workload }: Objective): boolean => workload === name;
  const objectives = run.header.objectives.filter(isServed);
  const load = run.target.loads[name];
  const { shard } = run.header;
  if (objectives.length === 0 || shard?.loads.includes(name) === false) return;
  // The set-up refuses a budget that judges a load without describing it.
  if (load === undefined) throw new Error(`no load ${name}`);
  const cost = computeLoadCost(name, load, Math.max(...objectives.map((one) => one.sampleBudget)));
  refuseBeyondCeilings([cost], run, record);
  const isBegun = record.soFar.workloads.some(({ workload }) => workload === name);
  // A shard that missed a part of its load has not measured it to the end, which its record must show.
  if (shard !== undefined && isBegun) return;
  // Calls take the same time streamed or not, since a load is about the time that the target adds.
  const model = [{ latency: { distribution: 'logNormal' as const, ...load.model } }];
  const spec = { name, planned: { [name]: cost.requests }, model };
  const startAtMs =
    shard === undefined
      ? null
      : (planLoadStarts(shard.loads, run.target.loads, shard.startAtMs).startsMs.get(name) ?? null);
  if (startAtMs !== null) {
    reportNote(name, `begins on all shards at ${new Date(startAtMs).toISOString()}`);
    await waitForPreparation(startAtMs);
  }
  await recordWorkload(spec, context, async ({ scope }) => {
    if (isBegun) return null;
    reportNote(name, describeLoad(load, cost));
    const segment = shard ?? WHOLE;
    const active: ActiveLoad = {
      ...context,
      name,
      load,
      segment,
      scope,
      // Neither random arrivals nor a quick target may exceed what was planned.
      maxRequests: cost.requests,
      objectives: objectivesToMeasure(context, isServed),
      planRequest: createRequestPlanner(name, load, run.target.tenants),
      calls: aiMock === null ? null : new LoadModelCalls(aiMock, scope, segment),
      startAtMs,
    };
    return load.search === undefined ? runSteadyLoad(active) : searchKnee(active, load.search);
  });
}

function reportNote(workload: string, note: string): void {
  reportProgress({ workload, state: 'running', clear: [], note });
}

/** Describes a load: `open model, 60/s, 2 s to warm up, then 90 s at most, 6,072 requests and …`. */
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

/**
 * Offers a load until all objectives that it is measured for are clear, the target is down, or the time of the budget is up. Requests that
 * were in flight when all objectives seemed clear can change that. Then it continues.
 */
async function runSteadyLoad(active: ActiveLoad): Promise<HarnessTimes> {
  const { name, load, segment, run, api, aiMock, record, scope, calls, startAtMs } = active;
  const isShard = startAtMs !== null;
  // A shard sees a part of the events, and so judges nothing: it ends with its schedule.
  const objectives = active.objectives.filter(
    ({ metric }) => !isShard && metric.countsUnderLoad !== 'reading',
  );
  const recorder = new LoadRecorder(objectives, record, segment);
  // The target's figures are since their last reading, so that only one shard may read them.
  const readsTarget = segment.index === 1;
  const memory = await watchMemory(api, record, {
    workload: name,
    scope,
    objectives: readsTarget ? active.objectives : [],
    expected: expectedJudged(load),
    of: segment.of,
  });
  const endWatch = await watchProcesses({
    readTarget: async () => (readsTarget ? (await api.readProcess()).process : null),
    aiMock,
  });
  const describeRates = createRateReporter(recorder);
  const isEnough = (): boolean =>
    recorder.isDown || (isClear(recorder, run.header) && memory?.isComplete() !== false);
  const nextPart = createParts(active);
  if (startAtMs !== null) await waitForStart(startAtMs);
  for (let warmUpMs = load.warmUpSeconds * 1000; !isEnough(); warmUpMs = 0) {
    const model = nextPart();
    if (model === null) break;
    await runLoadPart(active, {
      step: steadyStep(load.arrivals),
      model,
      warmUpMs,
      recorder,
      isEnough: () => {
        reportNowAndThen(name, () =>
          describeProgress(checkRequests(recorder, run.header), describeRates()),
        );
        return isEnough();
      },
      ...(memory === null ? {} : { onJudged: memory.onJudged }),
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

/**
 * Makes a function that returns the next part of a load, which continues where the previous one stopped, or null once nothing is left. A
 * closed model is one part: once it ends, its users have left. So is a shard, whose requests are due from the common moment on.
 */
function createParts(active: ActiveLoad): () => LoadModel | null {
  const { name, load, segment, maxRequests, startAtMs } = active;
  const { arrivals, warmUpSeconds, durationSeconds = 0 } = load;
  const seconds = warmUpSeconds + durationSeconds;
  const inOnePart = (only: LoadModel) => {
    const parts = [only];
    return () => parts.shift() ?? null;
  };
  if (arrivals === undefined) return inOnePart(closedLoadModel(active, seconds * 1000));
  const draw = seededDraw(deriveSeed(name));
  const times = arrivalTimes(arrivals, seconds, draw).take(maxRequests);
  if (startAtMs !== null) return inOnePart(openLoadModel(takeSegment(times, segment)));
  const schedule = new ResumableSchedule(times);
  return () => (schedule.isOver ? null : openLoadModel(schedule.rest()));
}

function steadyStep(arrivals: ArrivalModel | undefined) {
  if (arrivals === undefined) return { model: 'closed', ratePerSecond: null } as const;
  const isSteady = arrivals.model === 'constant' || arrivals.model === 'poisson';
  return { model: 'open', ratePerSecond: isSteady ? perSecond(arrivals.rate) : null } as const;
}

/** Would more requests change no verdict? If growth is judged, only the end decides. */
function isClear(recorder: LoadRecorder, run: RunLine): boolean {
  const { tallies, secondsWithEnds } = recorder;
  const isDone = tallies.every(({ objective }) => {
    const unit = objective.metric.countsUnderLoad;
    // Stalls are judged once the load has lasted as many seconds as the sample budget says.
    if (unit === 'second') return secondsWithEnds.size > objective.sampleBudget;
    return unit === 'request';
  });
  return (
    isDone &&
    tallies.length > 0 &&
    checkRequests(recorder, run).every(({ needsNoMore }) => needsNoMore)
  );
}

function checkRequests({ tallies }: LoadRecorder, run: RunLine) {
  return tallies
    .filter(({ objective }) => objective.metric.countsUnderLoad === 'request')
    .map((tally) => checkTally(tally, run));
}

/** Makes a function that describes the offered and achieved rates since its last call, the latencies so far and the failures. */
function createRateReporter(recorder: LoadRecorder): () => string {
  let before = { atMs: performance.now(), offered: 0, answered: 0 };
  return () => {
    const { ended, inFlight, answered, failed } = recorder.counts;
    const now = { atMs: performance.now(), offered: ended + inFlight, answered };
    const seconds = Math.max(0.001, (now.atMs - before.atMs) / 1000);
    const offered = ((now.offered - before.offered) / seconds).toFixed(1);
    const achieved = ((now.answered - before.answered) / seconds).toFixed(1);
    before = now;
    const p50 = recorder.response.quantileMs(0.5);
    const p95 = recorder.response.quantileMs(0.95);
    const latencies =
      p50 === null || p95 === null
        ? 'nothing answered yet'
        : `P50 ${p50.toFixed(0)} ms, P95 ${p95.toFixed(0)} ms`;
    return `offered ${offered}/s, achieved ${achieved}/s, ${latencies}, ${failed} failed`;
  };
}
