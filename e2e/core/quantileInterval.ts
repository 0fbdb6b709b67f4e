import { binomialAtLeast, binomialAtMost } from './binomialTail.ts';
import { type SortedSample, valueOfRank } from './sortedSample.ts';
import type { Interval } from './verdict.ts';

/**
 * Interval of a quantile from order statistics: exact for any distribution, ties included (David & Nagaraja 2003, 7.1). Its ends invert
 * the exact test of the share of values at or above an objective, so an objective above the upper end is met at `upperAlpha`, and one at
 * or under the lower end is missed at `lowerAlpha`. An end that a sample of this size does not bound is open (null).
 */
export function quantileInterval(
  sample: SortedSample,
  quantile: number,
  { lowerAlpha, upperAlpha }: { lowerAlpha: number; upperAlpha: number },
): Interval {
  const n = sample.length;
  const lowerRank = lastRank(n, (rank) => binomialAtMost(rank - 1, n, quantile) <= lowerAlpha);
  const upperRank =
    n + 1 - lastRank(n, (rank) => binomialAtLeast(n + 1 - rank, n, quantile) <= upperAlpha);
  return [
    lowerRank === 0 ? null : valueOfRank(sample, lowerRank),
    upperRank === n + 1 ? null : valueOfRank(sample, upperRank),
  ];
}

/** Greatest rank for which a condition holds that fails for good once it fails; 0 when it never does. */
function lastRank(n: number, holds: (rank: number) => boolean): number {
  let [good, bad] = [0, n + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
