import type { Interval, VerdictName } from '../verdict/verdict.ts';
import { type SortedSample, valueOfRank } from './sortedSample.ts';

/**
 * Interval of a quantile that inverts a test of the share of values at or above an objective, with whatever guarantee that test has:
 * an objective above the upper end would pass, one at or under the lower end would fail. Its ends are values of the sample, so it
 * assumes nothing of their distribution, ties included. An end that the sample does not bound is open (null).
 * @param verdictOf the test's verdict on that many bad events in the whole sample
 */
export function quantileInterval(
  sample: SortedSample,
  verdictOf: (bad: number) => VerdictName,
): Interval {
  const n = sample.length;
  const mostToPass = lastOf(n, (bad) => verdictOf(bad) === 'pass');
  const mostWithoutFail = lastOf(n, (bad) => verdictOf(bad) !== 'fail') ?? n;
  return [
    mostWithoutFail === n ? null : valueOfRank(sample, n - mostWithoutFail),
    mostToPass === null ? null : valueOfRank(sample, n - mostToPass),
  ];
}

/** Greatest whole number up to `most` for which a condition holds that fails for good once it fails; null when it never does. */
function lastOf(most: number, holds: (value: number) => boolean): number | null {
  if (!holds(0)) return null;
  let [good, bad] = [0, most + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
