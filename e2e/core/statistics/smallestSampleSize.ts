import { binomialAtMost } from './binomialTail.ts';

/**
 * Fewest events that can establish, not one of them bad, that at most `allowedShare` are: 5 for 50 %, 59 for 5 %, 2,995 for 0.1 %
 * at `alpha` = 5 %. @throws RangeError for shares outside (0, 1): no number of events establishes "never".
 */
export function smallestSampleSize(allowedShare: number, alpha: number): number {
  if (!(allowedShare > 0 && allowedShare < 1)) {
    throw new RangeError(`a share that can be established lies in (0, 1), not ${allowedShare}`);
  }
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`an error rate lies in (0, 1), not ${alpha}`);
  const size = Math.max(1, Math.floor(Math.log(alpha) / Math.log1p(-allowedShare)));
  return binomialAtMost(0, size, allowedShare) <= alpha ? size : size + 1;
}
