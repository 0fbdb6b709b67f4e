import { metricOf } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import type { EventSeries } from '../record/event.ts';
import { doubtQuantile } from './doubtQuantile.ts';
import type { ErrorRates } from './errorRates.ts';
import type { HarnessAllowance } from './harnessAllowance.ts';
import { isOurs } from './isOurs.ts';
import { judgeCapacity } from './judgeCapacity.ts';
import type { Judgement } from './verdict.ts';

/**
 * Turns a fail into inconclusive where the harness itself may have caused it: where it does not fail once every bad event is set aside that
 * its own delays, its standing still, the AI mock's lateness or stolen CPU could have made. A fail that stands without them stays. Only
 * what is a matter of time is touched, since noise adds time and nothing else; for the same reason a pass is never touched. What is unknown
 * changes nothing.
 */
export function doubtFail(
  judgement: Judgement,
  objective: Objective,
  series: EventSeries,
  rates: ErrorRates,
  allowance: HarnessAllowance,
): Judgement {
  if (judgement.verdict !== 'fail' || judgement.n === 0 || !isOfTime(objective)) return judgement;
  const doubt = allowance.saturated
    ? 'the harness had no CPU to spare, so its own delays have no bound'
    : doubtOf(judgement, objective, series, rates, allowance);
  if (doubt === null) return judgement;
  const reason = `${judgement.reason}; but ${doubt}`;
  return { ...judgement, verdict: 'inconclusive', reason, stillNeeded: null };
}

function isOfTime({ metric }: Objective): boolean {
  const { unit, isTimed, kind } = metricOf(metric);
  return unit === 'ms' || isTimed === true || kind === 'capacity' || metric === 'latencyGrowth';
}

function doubtOf(
  judgement: Judgement,
  objective: Objective,
  series: EventSeries,
  rates: ErrorRates,
  allowance: HarnessAllowance,
): string | null {
  switch (metricOf(objective.metric).kind) {
    case 'quantile':
      return doubtQuantile(objective, series, rates, allowance);
    case 'capacity':
      return doubtCapacity(objective, series, rates, allowance);
    case 'growth':
      return doubtGrowth(judgement, series, allowance);
    default:
      return doubtEach(objective, series, allowance);
  }
}

/** Where not one may be bad, one that is the target's own decides. */
function doubtEach(
  { metric, objective }: Objective,
  { events }: EventSeries,
  allowance: HarnessAllowance,
): string | null {
  const limitMs = metricOf(metric).unit === 'ms' ? objective : null;
  for (const event of events) {
    if (event.bad && !isOurs(event, limitMs, allowance)) return null;
  }
  return 'the harness itself stood still or was late meanwhile, which may have made each of them';
}

/** Steps of a search without what the harness may have made bad in them. */
function doubtCapacity(
  objective: Objective,
  series: EventSeries,
  rates: ErrorRates,
  allowance: HarnessAllowance,
): string | null {
  const { keptBelowMs = 0 } = objective;
  const steps = series.steps?.map((step) => ({
    ...step,
    events: step.events.map((event) => {
      const { id, atMs, value, requestId, tenant } = event;
      const bad = event.bad && !isOurs(event, keptBelowMs, allowance);
      return { id, atMs, bad, value, requestId, tenant };
    }),
  }));
  const without = { ...series, ...(steps === undefined ? {} : { steps }) };
  if (judgeCapacity(objective, without, rates).verdict === 'fail') return null;
  return 'without what the harness may have delayed itself, none of these rates is missed';
}

/** What the harness was late by in the end, and not at first, would look like growth. */
function doubtGrowth(
  { interval: [atLeast], n }: Judgement,
  { usesBetween = 1 }: EventSeries,
  { addedMs }: HarnessAllowance,
): string | null {
  const grownMs = (atLeast ?? 0) * usesBetween * n;
  if (grownMs > addedMs) return null;
  return `that is ${grownMs.toFixed(1)} ms in all, and the harness itself was late by up to ${addedMs.toFixed(1)} ms at P99`;
}
