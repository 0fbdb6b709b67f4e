import { binomialAtMost } from './binomialTail.ts';
import { bisect } from './bisect.ts';

/**
 * Greatest share that `bad` of `n` events do not contradict at level `alpha` (Clopper & Pearson 1934, one side).
 * In [0, 1]; 1 when all were bad. @throws RangeError on impossible counts.
 */
export function exactUpperBound(bad: number, n: number, alpha: number): number {
  checkCounts(bad, n, alpha);
  if (bad === n) return 1;
  if (bad === 0) return -Math.expm1(Math.log(alpha) / n);
  return bisect(bad / n, 1, (share) => binomialAtMost(bad, n, share) > alpha);
}

function checkCounts(bad: number, n: number, alpha: number): void {
  if (!Number.isInteger(bad) || !Number.isInteger(n) || bad < 0 || n < 1 || bad > n) {
    throw new RangeError(`${bad} bad events of ${n} cannot be`);
  }
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`an error rate lies in (0, 1), not ${alpha}`);
}
