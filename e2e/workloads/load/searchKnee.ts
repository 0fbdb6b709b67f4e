import { setTimeout as sleep } from 'node:timers/promises';
import {
  nextRateFor,
  type Search,
  stepDurationSeconds,
  type TriedRate,
} from '../../core/budget/rateSearch.ts';
import { seededDraw } from '../../core/statistics/seededDraw.ts';
import { arrivalTimes } from '../../engine/arrivalTimes.ts';
import { LatencyHistogram } from '../../engine/latencyHistogram.ts';
import { WHOLE } from '../../engine/segment.ts';
import { watchProcesses } from '../../probes/watchProcesses.ts';
import { reportProgress } from '../../setup/progressFeed.ts';
import { checkTally } from '../checkProgress.ts';
import { deriveSeed, type HarnessTimes } from '../recordWorkload.ts';
import { LoadRecorder } from './loadRecorder.ts';
import { type ActiveLoad, openLoadModel, runLoadPart } from './runLoad.ts';

/** Lets the target recover before the next step. */
const REST_MS = 1_000;

/**
 * Offers one rate after the other, each for a while, until the knee is bracketed or the load may send no more. Each step begins with a
 * target at rest and a warm-up of its own.
 * @throws HarnessError TOKEN_INVALID, AI_MOCK_FAILED; the record keeps what was measured before
 */
export async function searchKnee(active: ActiveLoad, search: Search): Promise<HarnessTimes> {
  const { name, load, api, aiMock, record, calls, maxRequests } = active;
  const [objective] = active.objectives;
  if (objective === undefined) throw new Error('a search without an objective');
  const late = new LatencyHistogram();
  const tried: TriedRate[] = [];
  let sent = 0;
  const next = () => (sent < maxRequests ? nextRateFor(objective.objective, search, tried) : null);
  for (let rate = next(); rate !== null; rate = next()) {
    const recorder = new LoadRecorder([objective], record, WHOLE, sent);
    const endWatch = await watchProcesses({
      readTarget: async () => (await api.readProcess()).process,
      aiMock,
    });
    const seconds = load.warmUpSeconds + stepDurationSeconds(search, rate, objective.sampleBudget);
    const draw = seededDraw((deriveSeed(name) + tried.length) | 0);
    const arrivals = { model: 'constant', rate } as const;
    await runLoadPart(active, {
      step: { model: 'step', ratePerSecond: rate },
      model: openLoadModel(arrivalTimes(arrivals, seconds, draw).take(maxRequests - sent)),
      warmUpMs: load.warmUpSeconds * 1000,
      recorder,
      isEnough: () => recorder.mayBeDown,
    });
    record.append(...(await endWatch({ workload: name, ratePerSecond: rate })));
    sent = recorder.next;
    const lateMs = recorder.late.quantileMs(0.99);
    if (lateMs !== null) late.record(lateMs);
    const kept = isKept(active, recorder);
    tried.push({ ratePerSecond: rate, kept });
    const note = describeStep(rate, kept, recorder);
    reportProgress({ workload: name, state: 'running', clear: [], note });
    await sleep(REST_MS);
  }
  return { lateP50Ms: null, lateP99Ms: late.maxMs, modelLateP99Ms: calls?.lateP99Ms ?? null };
}

/** This only chooses the next rate: the verdict comes from the record, at error rates that all steps share. */
function isKept({ run }: ActiveLoad, { tallies: [tally] }: LoadRecorder): boolean | null {
  if (tally === undefined) return null;
  const { verdict } = checkTally(tally, run.header).progress;
  return verdict === 'inconclusive' ? null : verdict === 'pass';
}

function describeStep(rate: number, kept: boolean | null, recorder: LoadRecorder): string {
  const outcome = kept === null ? 'not settled' : kept ? 'kept' : 'not kept';
  const { failed, judged } = recorder.counts;
  const p95 = recorder.response.quantileMs(0.95);
  const shown = p95 === null ? 'nothing answered' : `P95 ${p95.toFixed(1)} ms`;
  return `${rate}/s ${outcome} (${shown}, ${failed} of ${judged} failed)`;
}
