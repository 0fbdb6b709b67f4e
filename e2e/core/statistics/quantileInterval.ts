import type { Interval, VerdictName } from '../verdict/verdict.ts';
import { type SortedSample, valueOfRank } from './sortedSample.ts';

/**
 * Interval of a quantile that inverts a test of the share of values at or above an objective, with whatever guarantee that test has:
 * an objective above the upper end would pass, one at or under the lower end would fail. Its ends are values of the sample, so it
 * assumes nothing of their distribution, ties included. An end that the sample does not bound is open (null).
 *
 * @param verdictOf the test's verdict if that many of the greatest values were bad
 * @param bad so many are at the objective: the search starts there, so that interval and verdict agree even where bursts make the verdict
 * turn more than once
 */
export function quantileInterval(
  sample: SortedSample,
  verdictOf: (bad: number) => VerdictName,
  bad = 0,
): Interval {
  const n = sample.length;
  const passes = (good: number) => verdictOf(n - good) === 'pass';
  const doesNotFail = (good: number) => verdictOf(n - good) !== 'fail';
  const fewestToPass = passes(n - bad)
    ? firstWhere(1, n - bad, passes)
    : firstWhere(n - bad + 1, n + 1, passes);
  const fewestNotToFail = doesNotFail(n - bad)
    ? firstWhere(0, n - bad, doesNotFail)
    : firstWhere(n - bad + 1, n, doesNotFail);
  return [
    fewestNotToFail === 0 ? null : valueOfRank(sample, fewestNotToFail),
    fewestToPass > n ? null : valueOfRank(sample, fewestToPass),
  ];
}

/** First number from `from` on for which a condition holds that holds for good once it does; `to` where it does not before. */
function firstWhere(from: number, to: number, holds: (value: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
