import { type SortedSample, valueOfRank } from './sortedSample.ts';

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
