import type { Objective } from '../budget/objective.ts';
import { type Event, type EventSeries, type Events, isBad } from '../record/event.ts';
import { describeLoadInterference, isSaturated, mostLateMs } from '../record/loadInterference.ts';
import type { HarnessLine, NoopLine } from '../record/recordLine.ts';
import type { RunRecord } from '../record/runRecord.ts';
import { dependsOnTime } from '../record/setAside.ts';
import { quantile, sortSample } from '../statistics/quantile.ts';
import type { ErrorRates } from '../statistics/verdict.ts';
import { judge } from './judge.ts';
import { type Judgement, withholdVerdict } from './judgement.ts';

/**
 * Turns a fail into inconclusive if the harness may have caused it: it had no CPU to spare, a request that does no work takes as long as
 * the limit, or the fail disappears when the limit is raised by the delays of the harness and the AI mock at P99.
 *
 * Delays only add time, so a pass needs no such check. Events during stalls were set aside before (`setAside.ts`). An unknown delay
 * changes nothing.
 */
export function downgradeFailIfHarnessInterfered(
  judgement: Judgement,
  objective: Objective,
  series: EventSeries,
  rates: ErrorRates,
  allowance: HarnessAllowance,
): Judgement {
  if (judgement.verdict !== 'fail' || judgement.n === 0 || !dependsOnTime(objective))
    return judgement;
  const interference = describeInterference();
  if (interference === null) return judgement;
  return withholdVerdict(judgement, `${judgement.reason}; but ${interference}`);

  function describeInterference(): string | null {
    const { addedMs, floorMs, saturated } = allowance;
    const { kind, unit } = objective.metric;
    if (saturated) return 'the harness had no CPU to spare, so its delays are unknown';
    if (kind === 'growth') return describeGrowthInterference(judgement, series, addedMs);
    if (kind === 'quantile' && floorMs !== null && objective.objective <= floorMs) {
      return `a request that does no work takes ${floorMs.toFixed(1)} ms here, and nothing shorter can be measured`;
    }
    if (addedMs === 0 || (unit !== 'ms' && kind !== 'capacity')) return null;
    const [lenient, rejudged] = raiseLimit(objective, series, addedMs);
    if (judge(lenient, rejudged, rates).verdict === 'fail') return null;
    return `with the limit raised by the ${addedMs.toFixed(1)} ms that the harness and the AI mock were late by at P99, it is not missed`;
  }
}

/** The same events with a limit that is `byMs` higher. One whose end was not observed stays as bad as it was. */
function raiseLimit(
  objective: Objective,
  series: EventSeries,
  byMs: number,
): [Objective, EventSeries] {
  const { keptBelowMs } = objective;
  const lenient =
    keptBelowMs === undefined
      ? { ...objective, objective: objective.objective + byMs }
      : { ...objective, keptBelowMs: keptBelowMs + byMs };
  const rejudge = (events: Events) =>
    events.map((event): Event => {
      const { id, atMs, requestId, tenant } = event;
      const value = event.value !== null && event.isAtLeast ? event.value + byMs : event.value;
      const bad = value === null ? event.bad : isBad(value, lenient);
      return { id, atMs, bad, value, requestId, tenant };
    });
  const { events, steps = [] } = series;
  const rejudged = steps.map((step) => ({ ...step, events: rejudge(step.events) }));
  return [lenient, { ...series, events: rejudge(events), steps: rejudged }];
}

/** A harness that slows down during the run would look like growth. */
function describeGrowthInterference(
  { interval: [atLeast], n }: Judgement,
  { iterationsBetween = 1 }: EventSeries,
  addedMs: number,
): string | null {
  const grownMs = (atLeast ?? 0) * iterationsBetween * n;
  if (grownMs > addedMs) return null;
  return `that is ${grownMs.toFixed(1)} ms in all, and the harness itself was late by up to ${addedMs.toFixed(1)} ms at P99`;
}

/**
 * Makes a verdict inconclusive, pass or fail, if its load was not offered as scheduled. An answer with the data of another tenant
 * stays a fail however late its request was sent. The steps of a search are checked one by one elsewhere (`findKnee`).
 */
export function invalidateMisofferedLoad(
  judgement: Judgement,
  objective: Objective,
  { loads, processes }: Pick<RunRecord, 'loads' | 'processes'>,
): Judgement {
  const load = loads.find(({ workload }) => workload === objective.workload);
  const { kind, countsUnderLoad: unit } = objective.metric;
  const hasViolation = kind === 'zeroTolerance' && judgement.verdict === 'fail';
  const judgesWholeLoad = unit === 'request' || unit === 'second' || unit === 'window';
  const isEmpty = judgement.n + judgement.setAside === 0;
  if (load === undefined || isEmpty || hasViolation || !judgesWholeLoad) return judgement;
  const involved = processes.filter(({ workload }) => workload === objective.workload);
  const interference = describeLoadInterference(load, involved, mostLateMs(objective));
  if (interference === null) return judgement;
  return withholdVerdict(judgement, `${interference}; as it was offered, ${judgement.reason}`);
}

/** What the harness and the AI mock may have added to each value of an objective, apart from stalls. */
export type HarnessAllowance = {
  /** Delay at P99: of timers and event loop of the harness, and of the AI mock if it takes part. */
  addedMs: number;
  /** The harness had no CPU to spare, so its delays have no bound. */
  saturated: boolean;
  /** Median round trip of a request without work, below which nothing can be measured; null: not measured. */
  floorMs: number | null;
};

/** The worst that was recorded for the workload of an objective, or for any workload if it is judged over all. */
export function harnessAllowance(
  { workload, metric }: Objective,
  record: { harness: readonly HarnessLine[]; noops: readonly NoopLine[] },
): HarnessAllowance {
  const isMine = (line: { workload: string }) => workload === null || line.workload === workload;
  const lines = record.harness.filter(isMine);
  const roundTripsMs = record.noops.filter(isMine).map((noop) => noop.roundTripMs);
  const worst = (key: 'lateP99Ms' | 'eventLoopDelayP99Ms' | 'modelLateP99Ms' | 'cpuShare') =>
    Math.max(0, ...lines.map((line) => line[key] ?? 0));
  const modelLateMs = metric.leavesOutModel ? 0 : worst('modelLateP99Ms');
  return {
    addedMs: Math.max(worst('lateP99Ms'), worst('eventLoopDelayP99Ms')) + modelLateMs,
    saturated: isSaturated(worst('cpuShare')),
    floorMs: roundTripsMs.length === 0 ? null : quantile(sortSample(roundTripsMs), 0.5),
  };
}

/** For reports: how verdicts take the harness into account, by the rules of `setAside.ts` and of this file. */
export const HARNESS_RULE =
  'Events during a stall of the harness, a late send or stolen CPU time are set aside by their time alone, good and bad alike. If more than 10 % are set aside, the objective is inconclusive. A fail counts only if the harness had CPU to spare, and if the objective is still missed when its limit is raised by the delays of the harness and the AI mock.';
