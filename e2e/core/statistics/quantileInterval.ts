import { type SortedSample, valueOfRank } from './sortedSample.ts';
import type { Interval, VerdictName } from './verdict.ts';

/**
 * Interval of a quantile that inverts a test of the share of values at or above an objective, with whatever guarantee that test has:
 * an objective above the upper end would pass, one at or under the lower end would fail. Its ends are values of the sample, so it
 * assumes nothing of their distribution, ties included. An end that the sample does not bound is open (null).
 *
 * @param verdictOf the test's verdict if that many of the greatest values were bad
 * @param bad so many are at the objective: the search starts there, so that interval and verdict agree even where bursts make the verdict
 * turn more than once
 * @param near about so many are bad at the quantile: no result depends on it, but the time that it takes
 */
export function quantileInterval(
  sample: SortedSample,
  verdictOf: (bad: number) => VerdictName,
  { bad = 0, near = sample.length / 2 }: { bad?: number; near?: number } = {},
): Interval {
  const n = sample.length;
  const passes = (good: number) => verdictOf(n - good) === 'pass';
  const doesNotFail = (good: number) => verdictOf(n - good) !== 'fail';
  const first = (from: number, to: number, holds: (good: number) => boolean) =>
    firstWhere(from, to, Math.round(n - near), holds);
  const fewestToPass = passes(n - bad)
    ? first(1, n - bad, passes)
    : first(n - bad + 1, n + 1, passes);
  const fewestNotToFail = doesNotFail(n - bad)
    ? first(0, n - bad, doesNotFail)
    : first(n - bad + 1, n, doesNotFail);
  return [
    fewestNotToFail === 0 ? null : valueOfRank(sample, fewestNotToFail),
    fewestToPass > n ? null : valueOfRank(sample, fewestToPass),
  ];
}

/**
 * First number from `from` on for which a condition holds that holds for good once it does; `to` where it does not before. It is looked for
 * around `near` in steps that grow, and then by halves.
 */
function firstWhere(
  from: number,
  to: number,
  near: number,
  holds: (value: number) => boolean,
): number {
  let [low, high] = [from, to];
  let step = Math.ceil(Math.sqrt(to - from));
  let at = near;
  while (low < high) {
    const isBetween = low > from && high < to;
    const value = isBetween ? (low + high) >> 1 : Math.min(Math.max(at, low), high - 1);
    if (holds(value)) high = value;
    else low = value + 1;
    at = high === value ? value - step : value + step;
    step *= 2;
  }
  return low;
}
