import { setTimeout as sleep } from 'node:timers/promises';
import type { Objective } from '../../core/budget/objective.ts';
import { nextRateFor, type Search, type TriedRate } from '../../core/budget/rateSearch.ts';
import { seededDraw } from '../../core/statistics/seededDraw.ts';
import { shareTest } from '../../core/statistics/shareTest.ts';
import { testLevels } from '../../core/statistics/verdict.ts';
import { arrivalTimes } from '../../engine/arrivalTimes.ts';
import { LatencyHistogram } from '../../engine/latencyHistogram.ts';
import { reportProgress } from '../../setup/progressFeed.ts';

import { ratesOf } from '../checkProgress.ts';
import { type HarnessTimes, seedOf } from '../recordWorkload.ts';
import { secondsOfStep } from './loadCeilings.ts';
import { LoadRecorder } from './loadRecorder.ts';
import { createLoadSender, loadRequestPlanner } from './loadRequests.ts';
import { openLoadModel, runLoadPart } from './runLoadPart.ts';
import type { ActiveLoad } from './runSteadyLoad.ts';
import { watchProcesses } from './watchProcesses.ts';

/** Lets the target recover from a step that was too much before the next one. */
const REST_MS = 1_000;

/**
 * Offers one rate after the other, each for a while, until the knee is bracketed or the load may cost no more. Each step begins on a target
 * at rest, with a warm-up of its own.
 * @throws HarnessError TOKEN_INVALID, AI_MOCK_FAILED; the record keeps what was measured before
 */
export async function searchKnee(active: ActiveLoad, search: Search): Promise<HarnessTimes> {
  const { name, load, run, api, aiMock, record, scope, calls, objectives } = active;
  const [objective] = objectives;
  if (objective === undefined) throw new Error('a search without an objective');
  const stop = new AbortController();
  const sender = createLoadSender(
    api,
    scope,
    loadRequestPlanner(name, load, run.target.tenants),
    () => stop.abort(),
  );
  const late = new LatencyHistogram();
  const tried: TriedRate[] = [];
  let first = 0;
  const maxRequests = load.ceilings.requests ?? Number.POSITIVE_INFINITY;
  const next = () => (first < maxRequests ? nextRateFor(objective.objective, search, tried) : null);
  for (let rate = next(); rate !== null; rate = next()) {
    const recorder = new LoadRecorder([objective], record, first);
    const endWatch = await watchProcesses({ readTarget: () => api.readProcess(), aiMock });
    const seconds = load.warmUpSeconds + secondsOfStep(search, rate, objective.sampleBudget);
    const draw = seededDraw((seedOf(name) + tried.length) | 0);
    const arrivals = { model: 'constant', rate } as const;
    await runLoadPart({
      workload: name,
      scope,
      step: { model: 'step', ratePerSecond: rate },
      model: openLoadModel(arrivalTimes(arrivals, seconds, draw).take(maxRequests - first)),
      first,
      warmUpMs: load.warmUpSeconds * 1000,
      sender,
      recorder,
      calls,
      onProgress: () => recorder.mayBeDown,
      signal: stop.signal,
    });
    record.append(...(await endWatch({ workload: name, ratePerSecond: rate })));
    first = recorder.next;
    const lateMs = recorder.late.quantileMs(0.99);
    if (lateMs !== null) late.record(lateMs);
    tried.push({ ratePerSecond: rate, kept: isKept(recorder, objective, run.header) });
    const note = describeStep(rate, recorder, tried);
    reportProgress({ workload: name, state: 'running', clear: [], note });
    await sleep(REST_MS);
  }
  return { lateP50Ms: null, lateP99Ms: late.maxMs, modelLateP99Ms: calls?.lateP99Ms ?? null };
}

/** Chooses the next rate; the verdict is reached from the record, at error rates that all steps share. */
function isKept(
  { tallies }: LoadRecorder,
  { allowedShare }: Objective,
  run: Parameters<typeof ratesOf>[0],
): boolean | null {
  const test = shareTest({ allowedShare, ...testLevels(ratesOf(run)) });
  const [one] = tallies;
  if (one === undefined) return null;
  const { verdict } = test(one.tally);
  return verdict === 'inconclusive' ? null : verdict === 'pass';
}

function describeStep(rate: number, recorder: LoadRecorder, tried: readonly TriedRate[]): string {
  const kept = tried.at(-1)?.kept;
  const came = kept === null ? 'not settled' : kept === true ? 'kept' : 'not kept';
  const p95 = recorder.response.quantileMs(0.95);
  const shown = p95 === null ? 'nothing answered' : `P95 ${p95.toFixed(1)} ms`;
  return `${rate}/s ${came} (${shown}, ${recorder.failed} of ${recorder.judged} failed)`;
}
