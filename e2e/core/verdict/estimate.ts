import { metricOf } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import type { Events } from '../record/event.ts';
import { designEffect } from '../statistics/designEffect.ts';
import type { EventTally } from '../statistics/eventTally.ts';
import { exactUpperBound } from '../statistics/exactBound.ts';
import { quantile } from '../statistics/quantile.ts';
import { quantileInterval } from '../statistics/quantileInterval.ts';
import { shareBounds } from '../statistics/shareBounds.ts';
import { verdictOfCounts } from '../statistics/shareTest.ts';
import type { ShareTestPlan } from '../statistics/shareTestPlan.ts';
import { type SortedSample, sortInPlace, valueOfRank } from '../statistics/sortedSample.ts';
import type { Judgement } from './verdict.ts';

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
  const effect = designEffect(tally) ?? 1;
  if (kind === 'never') {
    // The number was declared beforehand, and is looked at once.
    const mostBad = exactUpperBound(bad, n, plan.passAlpha);
    return { ...NO_ESTIMATE, estimate: 1 - bad / n, interval: [1 - mostBad, bad === 0 ? 1 : null] };
  }
  if (kind === 'share') {
    const [leastBad, mostBad] = shareBounds(bad, n, plan, effect);
    return { ...NO_ESTIMATE, estimate: 1 - bad / n, interval: [1 - mostBad, 1 - leastBad] };
  }
  const sample = sortInPlace(valuesOf(events));
  const range = rangeOf(sample);
  if (objective.quantile === null) {
    return { ...range, estimate: range.max, interval: [range.max, null] };
  }
  const verdictAt = verdictOfCounts(plan, effect);
  const verdictOf = (someBad: number) => verdictAt(someBad, n);
  if (wantsMore !== true) {
    const interval = quantileInterval(sample, verdictOf);
    return { ...range, estimate: quantile(sample, objective.quantile), interval };
  }
  // What is bad lies below: the same on the other side of zero.
  const mirrored = sortInPlace(sample.map((value) => -value));
  const [least, most] = quantileInterval(mirrored, verdictOf);
  const estimate = 0 - quantile(mirrored, objective.quantile);
  return { ...range, estimate, interval: [mirror(most), mirror(least)] };
}

function valuesOf(events: Events): Float64Array {
  const values = new Float64Array(events.length);
  let at = 0;
  for (const { value } of events) values[at++] = value ?? Number.NaN;
  return values;
}

function mirror(end: number | null): number | null {
  // Not −end, since zero has no sign worth showing.
  return end === null ? null : 0 - end;
}

function rangeOf(sample: SortedSample): { min: number; max: number; median: number } {
  return {
    min: valueOfRank(sample, 1),
    max: valueOfRank(sample, sample.length),
    median: quantile(sample, 0.5),
  };
}
