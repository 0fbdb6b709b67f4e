import type { Interval, VerdictName } from './verdict.ts';

declare const sorted: unique symbol;

/** Values in one unit, ascending, finite, at least one: what every quantile is read from. Only `sortSample` and `sortInPlace` make one. */
export type SortedSample = Float64Array & { readonly [sorted]: true };

/** @throws RangeError for an empty sample or a value that is not finite: neither has quantiles. */
export function sortSample(values: Iterable<number>): SortedSample {
  return sortInPlace(Float64Array.from(values));
}

/** Sorts in place, without a copy. @throws RangeError as above */
export function sortInPlace(sample: Float64Array): SortedSample {
  sample.sort();
  if (sample.length === 0) throw new RangeError('a sample has at least one value');
  // What is not finite is sorted to an end.
  const wrong = [sample[0], sample.at(-1)].find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new RangeError(`a sample holds finite values, not ${wrong}`);
  return sample as SortedSample;
}

/** The value of the given rank, 1 for the smallest. @throws RangeError outside the sample. */
export function valueOfRank(sample: SortedSample, rank: number): number {
  const value = sample[rank - 1];
  if (value === undefined) throw new RangeError(`rank ${rank} of ${sample.length} values`);
  return value;
}

/** Products such as 0.07 × 100 come out a few units in the last place above the integer that they mean. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * Quantile by the inverse of the empirical distribution: the smallest value that at least that share of the sample does not exceed
 * (type 1 of Hyndman & Fan 1996; R: `quantile(x, q, type = 1)`). It never interpolates, so each quantile shown was measured, and it
 * is under an objective exactly when the share of values at or above the objective is within what the objective allows.
 * @param quantile in (0, 1): 0.95 for P95
 */
export function quantile(sample: SortedSample, quantile: number): number {
  return valueOfRank(sample, quantileRank(sample.length, quantile));
}

/** Rank of the value that is the quantile, 1 for the smallest. @throws RangeError for quantiles outside (0, 1). */
export function quantileRank(sampleSize: number, quantile: number): number {
  if (!(quantile > 0 && quantile < 1)) {
    throw new RangeError(`a quantile lies in (0, 1), not ${quantile}`);
  }
  const position = sampleSize * quantile;
  return Math.max(1, Math.ceil(position - position * ROUNDING));
}

/**
 * Middle of a sample; of an even number the mean of the two in the middle (type 2 of Hyndman & Fan), since a comparison of two sides must
 * come out the other way round when they change places. @throws RangeError for an empty sample or a value that is not finite
 */
export function median(values: Iterable<number>): number {
  const sample = sortSample(values);
  const n = sample.length;
  return (valueOfRank(sample, Math.ceil(n / 2)) + valueOfRank(sample, Math.floor(n / 2) + 1)) / 2;
}

/**
 * Interval of a quantile that inverts a test of the share of values at or above an objective, with whatever guarantee that test has:
 * an objective above the upper end would pass, one at or under the lower end would fail. Its ends are values of the sample, so it
 * assumes nothing of their distribution, ties included. An end that the sample does not bound is open (null).
 *
 * @param verdictOf the test's verdict if that many of the greatest values were bad
 * @param bad how many are bad at the objective: the search starts there, so that interval and verdict agree even where bursts make the verdict
 * turn more than once
 * @param near about how many are bad at the quantile; only the time of the search depends on it
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
