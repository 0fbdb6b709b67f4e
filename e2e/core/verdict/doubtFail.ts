import { metricOf } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import type { Event, EventSeries, Events } from '../record/event.ts';
import { isBad } from '../record/isBad.ts';
import { isMatterOfTime } from '../record/setAside.ts';
import type { ErrorRates } from '../statistics/verdict.ts';
import type { HarnessAllowance } from './harnessAllowance.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judgement.ts';

/**
 * Turns a fail into inconclusive where the harness cannot measure so finely: where it had no CPU to spare, where a request that does no
 * work takes as long as the limit, and where the fail rests on what lies closer to the limit than the harness and the AI mock are late by
 * at P99. Such small delays are on every event and only add time, so a pass needs no such proof. Stalls are no part of this: what they
 * spoilt was set aside before, whichever way it went (`setAside.ts`). What is unknown changes nothing.
 */
export function doubtFail(
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
  const { kind, unit } = metricOf(objective.metric);
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
