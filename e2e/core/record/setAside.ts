import type { Objective } from '../budget/objective.ts';
import type { EventSeries } from './event.ts';
import type { ModelCallLine } from './recordLine.ts';
import type { RunRecord } from './runRecord.ts';

/** Shorter stalls are not recorded. */
export const SHORTEST_STALL_MS = 50;
/** A stall may begin this much before it is recorded to (a tick of its watch), and what it held up is read as soon after it. */
const MARGIN_MS = 25;
/** A send, or a call of the model, that is late by this part of the limit. */
const LATE_PART = 0.1;
/** Stalls in the middle of an event matter from this part of the limit on. */
const FROZEN_PART = 0.25;
/** What is no time itself, such as whether a request was answered, is decided by time-outs, which are seconds. */
const SHORTEST_TIME_OUT_MS = 2_000;
/** With more of an objective's events set aside, too little is left to judge. */
const MOST_SET_ASIDE = 0.1;

/** When an event took place, in ms since the epoch. */
export type EventSpan = {
  /** Intended start; it was sent `lateMs` after it. */
  fromMs: number;
  lateMs: number;
  /** The end as the harness saw it. */
  untilMs: number;
  /** In the objective's unit; null where the event has none. */
  value: number | null;
  /** False: timed by a browser, so that a stall of ours at its start or end changes nothing. */
  isTimedByUs: boolean;
  /** How late the AI mock answered the worst of its calls. */
  modelLateMs?: number;
};

/**
 * Tells which events of an objective are set aside because the harness, and not the target, may have made them what they are; null where
 * none is. The choice is made by time alone, so that it favours neither verdict: two events with the same span are both kept or both
 * set aside, whether they are good or bad. An event is set aside where
 * 1. the harness's event loop stalled at its intended start or at its end, for a tenth of its limit: these are the moments in which the
 *    loop takes part in what it measures. It sent late, or read the end late. In the middle of a wait a stall changes no measured time,
 *    so that long waits, which more stalls fall into, are set aside no more often than short ones; and a stall of 80 ms says nothing of
 *    a time-out of 10 s;
 * 2. it was sent late, or the AI mock answered late, by as much, for whatever reason;
 * 3. stalls in between add up to a quarter of its limit: then the machine itself may have stood still, and the target with it. What came
 *    after the limit was passed does not count, or slow events would be set aside for being slow.
 * What an answer holds (isolation, contract, counts) is no matter of time and is never set aside.
 */
export function setAsideRule(
  objective: Objective,
  record: Pick<RunRecord, 'disturbances'>,
): ((span: EventSpan) => boolean) | null {
  if (!isMatterOfTime(objective)) return null;
  const { workload, metric, keptBelowMs } = objective;
  const stalls = new StallTimes(
    record.disturbances.filter((line) => workload === null || line.workload === workload),
  );
  const isInMs = metric.unit === 'ms';
  const limitMs = keptBelowMs ?? (isInMs ? objective.objective : null);
  return ({ fromMs, lateMs, untilMs, value, isTimedByUs, modelLateMs = 0 }) => {
    const spanMs = untilMs - fromMs;
    // Two measured times are compared, and a difference of little is seen.
    const limitOrSpanMs =
      limitMs ?? (metric.comparesTimes ? spanMs : Math.max(spanMs, SHORTEST_TIME_OUT_MS));
    const matteringMs = Math.max(SHORTEST_STALL_MS, LATE_PART * limitOrSpanMs);
    const atMs = isTimedByUs ? [fromMs, fromMs + lateMs, untilMs] : [];
    if (atMs.some((ms) => stalls.longestNear(ms, MARGIN_MS) >= matteringMs)) return true;
    // Own time is what is left when the model's time, lateness included, is taken off.
    const isLateBy = Math.max(lateMs, metric.leavesOutModel ? 0 : modelLateMs);
    if (isLateBy >= matteringMs) return true;
    const overdueMs = limitMs === null || value === null ? 0 : Math.max(0, value - limitMs);
    const frozenMs = stalls.between(fromMs, untilMs - overdueMs);
    return frozenMs >= Math.max(SHORTEST_STALL_MS, FROZEN_PART * limitOrSpanMs);
  };
}

/** Is whether an event is bad a matter of how long something took? Growth is of many events, and reads them one by one. */
export function isMatterOfTime({ metric }: Pick<Objective, 'metric'>): boolean {
  const { unit, isTimed, kind } = metric;
  return unit === 'ms' || isTimed === true || kind === 'capacity';
}

/** By what an objective was disturbed while it was measured, and for how long in all. */
export function disturbancesOf(
  { workload }: Pick<Objective, 'workload'>,
  { disturbances }: Pick<RunRecord, 'disturbances'>,
): { stalledMs: number; stolenMs: number } {
  const mine = disturbances.filter((line) => workload === null || line.workload === workload);
  const lasted = (wanted: string) =>
    new StallTimes(mine.filter(({ cause }) => cause === wanted)).between(
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    );
  return { stalledMs: lasted('stall'), stolenMs: lasted('stolenCpu') };
}

/** By how much the AI mock was late with the worst call of each request of which it was late at all, by the request's id. */
export function modelLateness(modelCalls: readonly ModelCallLine[]): Map<string, number> {
  const late = new Map<string, number>();
  for (const { lateMs, scope, index } of modelCalls) {
    if (lateMs === null || lateMs < SHORTEST_STALL_MS) continue;
    const id = `${scope}-${index}`;
    late.set(id, Math.max(late.get(id) ?? 0, lateMs));
  }
  return late;
}

/** Were so many events set aside that the rest is no ground for a verdict? */
export function isTooDisturbed(setAside: number, kept: number): boolean {
  return setAside > MOST_SET_ASIDE * (setAside + kept);
}

/** `12 set aside: the harness stalled for 0.6 s`; empty where none was. */
export function describeSetAside({ setAside }: Pick<EventSeries, 'setAside'>): string {
  if (setAside === undefined || setAside.n === 0) return '';
  const { n, stalledMs, stolenMs } = setAside;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const why = [
    ...(stalledMs > 0 ? [`the harness stalled for ${seconds(stalledMs)}`] : []),
    ...(stolenMs > 0 ? [`other machines took most of the CPU for ${seconds(stolenMs)}`] : []),
  ];
  const told = why.length > 0 ? why : ['the harness sent late, or the AI mock answered late'];
  return `${n} set aside: ${told.join(', ')}`;
}

type Span = { fromMs: number; untilMs: number };

/** When the harness was disturbed. Workloads that ran side by side record the same stalls, which count once. */
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

  get isEmpty(): boolean {
    return this.#spans.length === 0;
  }

  /** Length of the longest stall that lasts at this moment, or within `withinMs` of it; 0 without one. */
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

  /** Place of the first span that ends after a moment. */
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
