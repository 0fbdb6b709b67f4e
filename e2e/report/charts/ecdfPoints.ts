import { quantileRank } from '../../core/statistics/quantile.ts';
import { type SortedSample, valueOfRank } from '../../core/statistics/sortedSample.ts';
import { thin } from './thin.ts';

/** Steps drawn at most. */
const MOST_STEPS = 400;
/** The tails decide, so this many of the smallest and the greatest values are all drawn. */
const TAIL = 40;

/**
 * Corners of the empirical distribution function: at a value, the share of the sample that is no greater. Of many values only some are
 * drawn, always the tails and those of the named quantiles, so that a marked point lies on the curve.
 */
export function ecdfPoints(sample: SortedSample, quantiles: number[]): [number, number][] {
  const n = sample.length;
  const marked = new Set(quantiles.map((quantile) => quantileRank(n, quantile)));
  const ranks = Array.from(sample, (_, at) => at + 1).filter(
    (rank) => rank === n || valueOfRank(sample, rank + 1) > valueOfRank(sample, rank),
  );
  const drawn = thin(
    ranks,
    MOST_STEPS,
    (rank) => rank <= TAIL || rank > n - TAIL || marked.has(rank),
  );
  return drawn.map((rank) => [valueOfRank(sample, rank), rank / n]);
}
