import type { Event } from './event.ts';
import { exactLowerBound, exactUpperBound } from './exactBound.ts';
import type { ShareTestPlan } from './fixedSampleTest.ts';
import type { Objective } from './objective.ts';
import { quantile } from './quantile.ts';
import { quantileInterval } from './quantileInterval.ts';
import { type SortedSample, sortSample, valueOfRank } from './sortedSample.ts';
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
 * What the events say, in the objective's unit: the quantile with the interval that inverts the test of its share, the share of good
 * events with exact bounds, or the greatest count (nothing bounds a greatest count from above).
 */
export function estimate(
  objective: Objective,
  events: Event[],
  { passAlpha, failAlpha }: Pick<ShareTestPlan, 'passAlpha' | 'failAlpha'>,
): Estimate {
  if (events.length === 0) return NO_ESTIMATE;
  if (objective.unit === 'share') {
    const bad = events.filter((event) => event.bad).length;
    const mostBad = exactUpperBound(bad, events.length, passAlpha);
    const leastBad = exactLowerBound(bad, events.length, failAlpha);
    return {
      ...NO_ESTIMATE,
      estimate: 1 - bad / events.length,
      interval: [1 - mostBad, 1 - leastBad],
    };
  }
  const sample = sortSample(events.map((event) => event.value ?? Number.NaN));
  const range = rangeOf(sample);
  if (objective.quantile === null) {
    return { ...range, estimate: range.max, interval: [range.max, null] };
  }
  const alphas = { lowerAlpha: failAlpha, upperAlpha: passAlpha };
  return {
    ...range,
    estimate: quantile(sample, objective.quantile),
    interval: quantileInterval(sample, objective.quantile, alphas),
  };
}

function rangeOf(sample: SortedSample): { min: number; max: number; median: number } {
  return {
    min: valueOfRank(sample, 1),
    max: valueOfRank(sample, sample.length),
    median: quantile(sample, 0.5),
  };
}
