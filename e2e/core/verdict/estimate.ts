import { metricOf } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import type { Events } from '../record/event.ts';
import { exactUpperBound } from '../statistics/binomial.ts';
import { addEvent, type EventTally, startTally } from '../statistics/eventTally.ts';
import {
  quantile,
  quantileInterval,
  type SortedSample,
  sortInPlace,
  valueOfRank,
} from '../statistics/quantile.ts';
import { type ShareTestPlan, shareBounds, shareTest } from '../statistics/shareTest.ts';
import type { VerdictName } from '../statistics/verdict.ts';
import type { Judgement } from './judgement.ts';

export type Estimate = Pick<Judgement, 'estimate' | 'interval' | 'min' | 'max' | 'median'>;

/** Nothing to estimate from. */
export const NO_ESTIMATE: Estimate = {
  estimate: null,
  interval: [null, null],
  min: null,
  max: null,
  median: null,
};

/**
 * What the events say, in the objective's unit: the quantile or the share of good events with the interval that inverts the test that
 * decides, or the greatest value where not one may exceed the objective (nothing bounds a greatest value from above).
 */
export function estimate(
  objective: Objective,
  events: Events,
  tally: EventTally,
  plan: ShareTestPlan,
): Estimate {
  const { n, bad } = tally;
  if (n === 0) return NO_ESTIMATE;
  const { kind, wantsMore } = metricOf(objective.metric);
  if (kind === 'never') {
    // The number was declared beforehand, and is looked at once.
    const mostBad = exactUpperBound(bad, n, plan.passAlpha);
    return { ...NO_ESTIMATE, estimate: 1 - bad / n, interval: [1 - mostBad, bad === 0 ? 1 : null] };
  }
  if (kind === 'share') {
    const [leastBad, mostBad] = shareBounds(tally, plan);
    return { ...NO_ESTIMATE, estimate: 1 - bad / n, interval: [1 - mostBad, 1 - leastBad] };
  }
  // Of what wants more the bad lies below: the same on the other side of zero.
  const values = valuesOf(events, wantsMore === true ? -1 : 1);
  const sample = sortInPlace(values.slice());
  const range = rangeOf(wantsMore === true ? sortInPlace(sample.map(mirror)) : sample);
  if (objective.quantile === null) {
    return { ...range, estimate: range.max, interval: [range.max, null] };
  }
  const verdictOf = verdictOfGreatest(sample, values, events, tally, plan);
  const [lower, upper] = quantileInterval(sample, verdictOf, {
    bad,
    near: n * plan.allowedShare,
  });
  const middle = quantile(sample, objective.quantile);
  if (wantsMore !== true) return { ...range, estimate: middle, interval: [lower, upper] };
  const mirrored = (end: number | null) => (end === null ? null : mirror(end));
  return { ...range, estimate: mirror(middle), interval: [mirrored(upper), mirrored(lower)] };
}

/** Makes what the test says if that many of the greatest values were bad, and those that are equal to the least of them. */
function verdictOfGreatest(
  sample: SortedSample,
  values: Float64Array,
  events: Events,
  { allowedShare, mostInABurst }: EventTally,
  plan: ShareTestPlan,
): (bad: number) => VerdictName {
  const test = shareTest(plan);
  const timesMs = new Float64Array(values.length);
  let place = 0;
  for (const { atMs } of events) timesMs[place++] = atMs;
  return (bad) => {
    const limit = sample[sample.length - bad] ?? Number.POSITIVE_INFINITY;
    const tally = startTally(allowedShare, { mostInABurst });
    for (let at = 0; at < values.length; at++) {
      addEvent(tally, (values[at] as number) >= limit, timesMs[at]);
    }
    return test(tally).verdict;
  };
}

function valuesOf(events: Events, sign: 1 | -1): Float64Array {
  const values = new Float64Array(events.length);
  let at = 0;
  for (const { value } of events) values[at++] = sign * (value ?? Number.NaN);
  return values;
}

function mirror(value: number): number {
  // Not −value, since zero has no sign worth showing.
  return 0 - value;
}

function rangeOf(sample: SortedSample): { min: number; max: number; median: number } {
  return {
    min: valueOfRank(sample, 1),
    max: valueOfRank(sample, sample.length),
    median: quantile(sample, 0.5),
  };
}
