import { metricOf } from '../budget/metrics.ts';
import { type Objective, percent } from '../budget/objective.ts';
import type { Event, EventSeries } from '../record/event.ts';
import { tallyEvents } from '../statistics/eventTally.ts';
import { shareTest } from '../statistics/shareTest.ts';
import { type ErrorRates, falseFailEach } from './errorRates.ts';
import type { HarnessAllowance } from './harnessAllowance.ts';
import { isOurs } from './isOurs.ts';

/** Stolen CPU comes in bursts that slow what runs by up to this factor, so a share s of it can touch a share s × 2 of the requests. */
const STOLEN_SLOWDOWN = 2;
/** `addedMs` is a P99: this part of the requests may have been delayed by more. */
const BEYOND_P99 = 0.01;

type Suspect = Pick<Event, 'bad' | 'value' | 'atMs'>;

/** Why a missed quantile of times says nothing of the target, or null: without the bad events that the harness may have made it does not fail. */
export function doubtQuantile(
  objective: Objective,
  { events }: EventSeries,
  rates: ErrorRates,
  allowance: HarnessAllowance,
): string | null {
  const { addedMs, stolenShare, floorMs } = allowance;
  if (floorMs !== null && objective.objective <= floorMs) {
    return `a request that does no work takes ${floorMs.toFixed(1)} ms here, so nothing under that can be measured`;
  }
  const { allowedShare } = objective;
  const plan = { allowedShare, passAlpha: rates.falsePass, failAlpha: falseFailEach(rates) };
  const undelayed = events.map((event) => ({
    value: event.value,
    atMs: event.atMs,
    bad: event.bad && !isOurs(event, objective.objective, allowance),
  }));
  const excused = mostExcused(objective, undelayed, allowance);
  const tally = tallyEvents(allowedShare, undelayed, metricOf(objective.metric));
  const rest = withoutSomeBad(undelayed, excused);
  const restTally = tallyEvents(allowedShare, rest, metricOf(objective.metric));
  if (shareTest(plan)(restTally).verdict === 'fail') return null;
  const bad = events.flatMap((event) => (event.bad ? [event] : [])).length;
  const suspect = bad - tally.bad + excused;
  return `the harness itself may have made ${suspect} of them (delays of its own up to ${addedMs.toFixed(1)} ms at P99, ${percent(stolenShare, 2)} of the CPU stolen), and the rest does not fail`;
}

/** The events with so many bad ones, here and there, taken for good. */
function withoutSomeBad(events: Suspect[], count: number): Suspect[] {
  const bad = events.filter((event) => event.bad).length;
  let seen = 0;
  return events.map((event) => {
    if (!event.bad) return event;
    seen += 1;
    const isExcused = Math.floor((seen * count) / bad) > Math.floor(((seen - 1) * count) / bad);
    return isExcused ? { ...event, bad: false } : event;
  });
}

/** How many bad events stolen CPU and the delays beyond P99 may have made at most. */
function mostExcused(
  { objective }: Objective,
  events: Suspect[],
  { addedMs, stolenShare }: HarnessAllowance,
): number {
  const bad = events.filter((event) => event.bad);
  // Events of a metric of time have a value: `checkEvents` saw to it.
  const slowed = bad.filter(({ value }) => (value ?? 0) < objective * STOLEN_SLOWDOWN).length;
  const bySlowing = Math.min(slowed, Math.ceil(stolenShare * STOLEN_SLOWDOWN * events.length));
  const beyond = addedMs > 0 ? Math.floor(BEYOND_P99 * events.length) : 0;
  return Math.min(bad.length, bySlowing + beyond);
}
