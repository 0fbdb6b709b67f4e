import type { Objective } from '../budget/objective.ts';
import { type Event, type EventSeries, type Events, isBad } from '../record/event.ts';
import { doubtOfLoad, isSaturated, mostLateMs } from '../record/loadDoubt.ts';
import type { HarnessLine, NoopLine } from '../record/recordLine.ts';
import type { RunRecord } from '../record/runRecord.ts';
import { isMatterOfTime } from '../record/setAside.ts';
import { quantile, sortSample } from '../statistics/quantile.ts';
import type { ErrorRates } from '../statistics/verdict.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judgement.ts';

/**
 * Turns a fail into inconclusive where the harness cannot measure so finely: where it had no CPU to spare, where a request that does no
 * work takes as long as the limit, and where the fail rests on what lies closer to the limit than the harness and the AI mock are late by
 * at P99. Such small delays are on every event and only add time, so a pass needs no such proof. Stalls are no part of this: what they
 * spoilt was set aside before, whichever way it went (`setAside.ts`). What is unknown changes nothing.
 */
export function downgradeFailIfHarnessInterfered(
  judgement: Judgement,
  objective: Objective,
  series: EventSeries,
  rates: ErrorRates,
  allowance: HarnessAllowance,
): Judgement {
  if (judgement.verdict !== 'fail' || judgement.n === 0 || !isMatterOfTime(objective))
    return judgement;
  const doubt = allowance.saturated
    ? 'the harness had no CPU to spare, so its own delays have no bound'
    : doubtOf(judgement, objective, series, rates, allowance);
  if (doubt === null) return judgement;
  const reason = `${judgement.reason}; but ${doubt}`;
  return { ...judgement, verdict: 'inconclusive', reason, stillNeeded: null };
}

function doubtOf(
  judgement: Judgement,
  objective: Objective,
  series: EventSeries,
  rates: ErrorRates,
  { addedMs, floorMs }: HarnessAllowance,
): string | null {
  const { kind, unit } = objective.metric;
  if (kind === 'growth') return doubtGrowth(judgement, series, addedMs);
  if (kind === 'quantile' && floorMs !== null && objective.objective <= floorMs) {
    return `a request that does no work takes ${floorMs.toFixed(1)} ms here, so nothing under that can be measured`;
  }
  if (addedMs === 0 || (unit !== 'ms' && kind !== 'capacity')) return null;
  const [lenient, seen] = withLimitRaised(objective, series, addedMs);
  if (judge(lenient, seen, rates).verdict === 'fail') return null;
  return `with the limit raised by the ${addedMs.toFixed(1)} ms that the harness and the AI mock were late by at P99, it is not missed`;
}

/** The same events, held against a limit that is higher by so much. One that nobody saw the end of comes no closer to it. */
function withLimitRaised(
  objective: Objective,
  series: EventSeries,
  byMs: number,
): [Objective, EventSeries] {
  const { keptBelowMs } = objective;
  const lenient =
    keptBelowMs === undefined
      ? { ...objective, objective: objective.objective + byMs }
      : { ...objective, keptBelowMs: keptBelowMs + byMs };
  const holdAgainst = (events: Events) =>
    events.map((event): Event => {
      const { id, atMs, requestId, tenant } = event;
      const value = event.value !== null && event.isAtLeast ? event.value + byMs : event.value;
      const bad = value === null ? event.bad : isBad(value, lenient);
      return { id, atMs, bad, value, requestId, tenant };
    });
  const steps = series.steps?.map((step) => ({ ...step, events: holdAgainst(step.events) }));
  const events = holdAgainst(series.events);
  return [lenient, { ...series, events, ...(steps === undefined ? {} : { steps }) }];
}

/** What the harness was late by in the end, and not at first, would look like growth. */
function doubtGrowth(
  { interval: [atLeast], n }: Judgement,
  { usesBetween = 1 }: EventSeries,
  addedMs: number,
): string | null {
  const grownMs = (atLeast ?? 0) * usesBetween * n;
  if (grownMs > addedMs) return null;
  return `that is ${grownMs.toFixed(1)} ms in all, and the harness itself was late by up to ${addedMs.toFixed(1)} ms at P99`;
}

/**
 * Voids a verdict under a load that was not offered as it was to be, whichever way it went. What was answered with another tenant's data was,
 * however late it was asked; and each step of a search is doubted by itself.
 */
export function invalidateMisofferedLoad(
  judgement: Judgement,
  objective: Objective,
  { loads, processes }: Pick<RunRecord, 'loads' | 'processes'>,
): Judgement {
  const load = loads.find(({ workload }) => workload === objective.workload);
  const { kind, countsUnderLoad: unit } = objective.metric;
  const isRefuted = kind === 'zeroTolerance' && judgement.verdict === 'fail';
  const isOfWhole = unit === 'request' || unit === 'second' || unit === 'window';
  if (load === undefined || judgement.n + judgement.setAside === 0 || isRefuted || !isOfWhole)
    return judgement;
  const ofLoad = processes.filter(({ workload }) => workload === objective.workload);
  const doubt = doubtOfLoad(load, ofLoad, mostLateMs(objective));
  if (doubt === null) return judgement;
  const reason = `${doubt}; as it was offered, ${judgement.reason}`;
  return { ...judgement, verdict: 'inconclusive', reason, stillNeeded: null };
}

/** What the harness and the AI mock may have added to each value of an objective, stalls left out. */
export type HarnessAllowance = {
  /** Time that 99 of 100 values were delayed by at most: timers and event loop of the harness, and the AI mock where it takes part. */
  addedMs: number;
  /** The harness used all the CPU that one process can, so its delays have no bound. */
  saturated: boolean;
  /** Median round trip of a request that does no work: what lies below cannot be seen. Null where none was measured. */
  floorMs: number | null;
  /** What this runtime could not measure. It is neither held against a verdict nor taken for zero in the report. */
  unknown: string[];
};

/** Gathers the allowance of an objective from the lines of its workload, or of all where it is judged over all. The worst counts. */
export function harnessAllowance(
  { workload, metric }: Objective,
  record: { harness: readonly HarnessLine[]; noops: readonly NoopLine[] },
): HarnessAllowance {
  const isMine = (line: { workload: string }) => workload === null || line.workload === workload;
  const lines = record.harness.filter(isMine);
  const roundTripsMs = record.noops.filter(isMine).map((noop) => noop.roundTripMs);
  const worst = (key: (typeof MEASURED)[number]['key']): number | null => {
    const known = lines.map((line) => line[key]).filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  };
  // Own time is what is left when the model's time, lateness included, is taken off.
  const modelLateMs = metric.leavesOutModel ? null : worst('modelLateP99Ms');
  return {
    addedMs:
      Math.max(worst('lateP99Ms') ?? 0, worst('eventLoopDelayP99Ms') ?? 0) + (modelLateMs ?? 0),
    saturated: isSaturated(worst('cpuShare')),
    floorMs: roundTripsMs.length === 0 ? null : quantile(sortSample(roundTripsMs), 0.5),
    unknown: MEASURED.filter(
      ({ key }) => lines.length === 0 || lines.some((l) => l[key] === null),
    ).map(({ name }) => name),
  };
}

const MEASURED = [
  { key: 'lateP99Ms', name: 'lateness of sends' },
  { key: 'eventLoopDelayP99Ms', name: 'event-loop delay of the harness' },
  { key: 'modelLateP99Ms', name: 'lateness of the AI mock' },
  { key: 'stolenShare', name: 'stolen CPU time' },
  { key: 'cpuShare', name: 'CPU of the harness' },
] as const;

/** How verdicts take the harness into account, for readers of a report. `setAside.ts` and this file hold the rules themselves. */
export const HARNESS_RULE =
  'Events during which the harness itself stalled, sent late or had its CPU time stolen are set aside by time alone, good and bad alike; an objective with more than 10 % of its events set aside is inconclusive. A fail counts only if the harness had CPU to spare and the objective is still missed with its limit raised by the small delays that the harness measured in itself and in the AI mock.';
