import { metricOf } from '../budget/metrics.ts';
import { type Objective, percent } from '../budget/objective.ts';
import type { Event, EventSeries, Events } from '../record/event.ts';
import { designEffect } from '../statistics/designEffect.ts';
import { tallyEvents } from '../statistics/eventTally.ts';
import { shareTest, verdictOfCounts } from '../statistics/shareTest.ts';
import { type ErrorRates, falseFailEach } from './errorRates.ts';
import type { HarnessAllowance } from './harnessAllowance.ts';
import type { Judgement } from './verdict.ts';

/** Stolen CPU comes in bursts that slow what runs by up to this factor, so a share s of it can touch a share s × 2 of the requests. */
const STOLEN_SLOWDOWN = 2;
/** `addedMs` is a P99: this part of the requests may have been delayed by more. */
const BEYOND_P99 = 0.01;

/**
 * Turns a fail into inconclusive where the harness itself may have caused it: where too few bad events are left once every one is set
 * aside that its own delays, the AI mock's lateness or stolen CPU could have made. A fail that stands without them stays. Only metrics of
 * time are touched, since noise adds time and nothing else; for the same reason a pass is never touched. What is unknown changes nothing.
 */
export function doubtFail(
  judgement: Judgement,
  objective: Objective,
  series: EventSeries,
  rates: ErrorRates,
  allowance: HarnessAllowance,
): Judgement {
  const { kind, unit } = metricOf(objective.metric);
  const isTimed = kind === 'quantile' && unit === 'ms';
  if (judgement.verdict !== 'fail' || judgement.n === 0 || !isTimed) return judgement;
  const doubt = reasonToDoubt(objective, series.events, rates, allowance);
  if (doubt === null) return judgement;
  const reason = `${judgement.reason}; but ${doubt}`;
  return { ...judgement, verdict: 'inconclusive', reason, stillNeeded: null };
}

function reasonToDoubt(
  objective: Objective,
  events: Events,
  rates: ErrorRates,
  allowance: HarnessAllowance,
): string | null {
  const { addedMs, stolenShare, saturated, floorMs } = allowance;
  if (saturated) return 'the harness had no CPU to spare, so its own delays have no bound';
  if (floorMs !== null && objective.objective <= floorMs) {
    return `a request that does no work takes ${floorMs.toFixed(1)} ms here, so nothing under that can be measured`;
  }
  const { allowedShare } = objective;
  const plan = { allowedShare, passAlpha: rates.falsePass, failAlpha: falseFailEach(rates) };
  const undelayed = events.map(({ bad, value, atMs }) => ({
    value,
    atMs,
    bad: bad && msOf(value) >= objective.objective + addedMs,
  }));
  const tally = tallyEvents(allowedShare, undelayed);
  const excused = mostExcused(objective, undelayed, allowance);
  const verdictWithout = verdictOfCounts(plan, designEffect(tally) ?? 1);
  const stands =
    shareTest(plan)(tally).verdict === 'fail' &&
    verdictWithout(tally.bad - excused, tally.n) === 'fail';
  if (stands) return null;
  const bad = events.flatMap((event) => (event.bad ? [event] : [])).length;
  const suspect = bad - tally.bad + excused;
  return `the harness itself may have made ${suspect} of them (delays of its own up to ${addedMs.toFixed(1)} ms at P99, ${percent(stolenShare, 2)} of the CPU stolen), and the rest does not fail`;
}

/** How many bad events stolen CPU and the delays beyond P99 may have made at most. */
function mostExcused(
  { objective }: Objective,
  events: Pick<Event, 'bad' | 'value'>[],
  { addedMs, stolenShare }: HarnessAllowance,
): number {
  const bad = events.filter((event) => event.bad);
  const slowed = bad.filter((event) => msOf(event.value) < objective * STOLEN_SLOWDOWN).length;
  const bySlowing = Math.min(slowed, Math.ceil(stolenShare * STOLEN_SLOWDOWN * events.length));
  const beyond = addedMs > 0 ? Math.floor(BEYOND_P99 * events.length) : 0;
  return Math.min(bad.length, bySlowing + beyond);
}

/** Events of a metric of time have a value: `checkEvents` saw to it. */
function msOf(value: number | null): number {
  return value ?? Number.NaN;
}
