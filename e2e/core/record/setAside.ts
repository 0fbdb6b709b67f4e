import type { Objective } from '../budget/objective.ts';
import type { EventSeries } from './event.ts';
import type { ModelCallLine } from './recordLine.ts';
import type { RunRecord } from './runRecord.ts';

/** Shorter stalls are not recorded. */
export const SHORTEST_STALL_MS = 50;
/** A stall may begin this much before its recorded start, one tick of its watch. Events that it delayed end as soon after it. */
const MARGIN_MS = 25;
/** A late send, or a late answer of the AI mock, matters from this share of the limit on. */
const LATE_SHARE = 0.1;
/** Stalls in the middle of an event matter from this share of the limit on. */
const STALLED_SHARE = 0.25;
/** Without a limit in ms, time-outs decide whether a request is answered, and they take seconds. */
const SHORTEST_TIME_OUT_MS = 2_000;
/** If a larger share of an objective's events is set aside, too little is left to judge. */
const MAX_SET_ASIDE_SHARE = 0.1;

/** When an event took place, in ms since the epoch. */
export type EventSpan = {
  /** Intended start; it was sent `lateMs` after it. */
  fromMs: number;
  lateMs: number;
  /** The end as the harness saw it. */
  untilMs: number;
  /** In the objective's unit; null where the event has none. */
  value: number | null;
  /** False: a browser timed it, and a stall of the harness at its start or end changes nothing. */
  isTimedByHarness: boolean;
  /** How late the AI mock answered the worst of its calls. */
  modelLateMs?: number;
  /** Of a request of a load: its place in the schedule, from which its shard follows. */
  place?: number;
};

/**
 * The rule that sets events of an objective aside if the harness, and not the target, may have decided them. It looks at time alone, so
 * that it favours neither verdict: of two events with the same span it keeps both or sets both aside, good or bad. It sets aside an event
 * 1. whose intended start or end fell into a stall of the harness of at least a tenth of the limit: it was sent late, or its end was read
 *    late. A stall in the middle of a wait changes no measured time, so long waits are set aside no more often than short ones;
 * 2. that was sent late, or that the AI mock answered late, by as much, for any reason;
 * 3. during which stalls add up to a quarter of the limit: the whole machine may have stalled, and the target with it. Time after the
 *    limit does not count, or slow events would be set aside for being slow.
 * A stall of one shard disturbs the requests of that shard alone, and what is derived from those of all shards.
 * Null if the objective does not depend on time, as with the content of an answer (isolation, contract, counts).
 */
export function setAsideRule(
  objective: Objective,
  record: Pick<RunRecord, 'disturbances'>,
): ((span: EventSpan) => boolean) | null {
  if (!dependsOnTime(objective)) return null;
  const { workload, metric, keptBelowMs } = objective;
  const mine = record.disturbances.filter(
    (line) => workload === null || line.workload === workload,
  );
  const ofAll = new StallTimes(mine);
  const of = mine[0]?.shard?.of ?? 1;
  const ofShards = Array.from({ length: of }, (_, at) =>
    of === 1 ? ofAll : new StallTimes(mine.filter(({ shard }) => shard?.index === at + 1)),
  );
  const isInMs = metric.unit === 'ms';
  const limitMs = keptBelowMs ?? (isInMs ? objective.objective : null);
  return ({ fromMs, lateMs, untilMs, value, isTimedByHarness, modelLateMs = 0, place }) => {
    const stalls = (place === undefined ? undefined : ofShards[place % of]) ?? ofAll;
    const spanMs = untilMs - fromMs;
    // Where two measured times are compared, a small difference matters.
    const limitOrSpanMs =
      limitMs ?? (metric.comparesTimes ? spanMs : Math.max(spanMs, SHORTEST_TIME_OUT_MS));
    const matteringMs = Math.max(SHORTEST_STALL_MS, LATE_SHARE * limitOrSpanMs);
    // Own time leaves out the model's time, its lateness included.
    const isLateBy = Math.max(lateMs, metric.leavesOutModel ? 0 : modelLateMs);
    if (isLateBy >= matteringMs) return true;
    const lastMs = Math.max(untilMs, fromMs + lateMs);
    if (!stalls.isAnyWithin(fromMs - MARGIN_MS, lastMs + MARGIN_MS)) return false;
    const isNearStall = (atMs: number) => stalls.longestNear(atMs, MARGIN_MS) >= matteringMs;
    const isCutOff = isNearStall(fromMs) || isNearStall(fromMs + lateMs) || isNearStall(untilMs);
    if (isTimedByHarness && isCutOff) return true;
    const overdueMs = limitMs === null || value === null ? 0 : Math.max(0, value - limitMs);
    const stalledMs = stalls.between(fromMs, untilMs - overdueMs);
    return stalledMs >= Math.max(SHORTEST_STALL_MS, STALLED_SHARE * limitOrSpanMs);
  };
}

/** Whether time decides if an event is bad. */
export function dependsOnTime({ metric }: Pick<Objective, 'metric'>): boolean {
  const { unit, isTimed, kind } = metric;
  return unit === 'ms' || isTimed === true || kind === 'capacity';
}

/** For how long the harness was disturbed while an objective was measured, by cause. */
export function sumDisturbances(
  { workload }: Pick<Objective, 'workload'>,
  { disturbances }: Pick<RunRecord, 'disturbances'>,
): { stalledMs: number; stolenMs: number } {
  const mine = disturbances.filter((line) => workload === null || line.workload === workload);
  const sum = (wanted: string) =>
    new StallTimes(mine.filter(({ cause }) => cause === wanted)).between(
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    );
  return { stalledMs: sum('stall'), stolenMs: sum('stolenCpu') };
}

/** How late the AI mock was with the worst call of each request, by the request's id. Requests without a late call are left out. */
export function modelLateness(modelCalls: readonly ModelCallLine[]): Map<string, number> {
  const late = new Map<string, number>();
  for (const { lateMs, scope, index } of modelCalls) {
    if (lateMs === null || lateMs < SHORTEST_STALL_MS) continue;
    const id = `${scope}-${index}`;
    late.set(id, Math.max(late.get(id) ?? 0, lateMs));
  }
  return late;
}

/** Whether too few events are left for a verdict after others were set aside. */
export function isTooDisturbed(setAside: number, kept: number): boolean {
  return setAside > MAX_SET_ASIDE_SHARE * (setAside + kept);
}

/** `12 set aside: the harness stalled for 0.6 s`; empty if none was. */
export function describeSetAside({ setAside }: Pick<EventSeries, 'setAside'>): string {
  if (setAside === undefined || setAside.n === 0) return '';
  const { n, stalledMs, stolenMs } = setAside;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const causes = [
    ...(stalledMs > 0 ? [`the harness stalled for ${seconds(stalledMs)}`] : []),
    ...(stolenMs > 0 ? [`other machines took most of the CPU for ${seconds(stolenMs)}`] : []),
  ];
  if (causes.length === 0) causes.push('the harness sent late, or the AI mock answered late');
  return `${n} set aside: ${causes.join(', ')}`;
}

type Span = { fromMs: number; untilMs: number };

/** When the harness was disturbed. Workloads that run side by side record the same stalls, which count once. */
export class StallTimes {
  readonly #spans: Span[] = [];

  constructor(stalls: Iterable<{ fromMs: number; durationMs: number }>) {
    const sorted = [...stalls].sort((a, b) => a.fromMs - b.fromMs);
    for (const { fromMs, durationMs } of sorted) {
      const untilMs = fromMs + durationMs;
      const last = this.#spans.at(-1);
      if (last === undefined || fromMs > last.untilMs) this.#spans.push({ fromMs, untilMs });
      else last.untilMs = Math.max(last.untilMs, untilMs);
    }
  }

  /** Whether any of the time between two moments was disturbed. */
  isAnyWithin(fromMs: number, untilMs: number): boolean {
    const next = this.#spans[this.#firstAfter(fromMs)];
    return next !== undefined && next.fromMs < untilMs;
  }

  /** Length of the longest stall within `withinMs` of a moment; 0 without one. */
  longestNear(atMs: number, withinMs: number): number {
    let longestMs = 0;
    for (let at = this.#firstAfter(atMs - withinMs); at < this.#spans.length; at++) {
      const { fromMs, untilMs } = this.#spans[at] as Span;
      if (fromMs >= atMs + withinMs) break;
      longestMs = Math.max(longestMs, untilMs - fromMs);
    }
    return longestMs;
  }

  /** How much of the time between two moments was disturbed, in ms. */
  between(fromMs: number, untilMs: number): number {
    let lostMs = 0;
    for (let at = this.#firstAfter(fromMs); at < this.#spans.length; at++) {
      const span = this.#spans[at] as Span;
      if (span.fromMs >= untilMs) break;
      lostMs += Math.min(span.untilMs, untilMs) - Math.max(span.fromMs, fromMs);
    }
    return lostMs;
  }

  /** Index of the first span that ends after a moment. */
  #firstAfter(ms: number): number {
    let [from, to] = [0, this.#spans.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#spans[middle] as Span).untilMs <= ms) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
