import { bisect } from './bisect.ts';
import { verdictOfCounts } from './shareTest.ts';
import type { ShareTestPlan } from './shareTestPlan.ts';

/**
 * Bounds of the share of bad events that invert the sequential test: every allowed share above the upper one would be met, every one
 * below the lower one missed. They hold at every look. In [0, 1], where 0 and 1 bound nothing.
 */
export function shareBounds(
  bad: number,
  n: number,
  alphas: Pick<ShareTestPlan, 'passAlpha' | 'failAlpha'>,
  effect = 1,
): [lower: number, upper: number] {
  const verdictAt = (allowedShare: number) =>
    verdictOfCounts({ ...alphas, allowedShare }, effect)(bad, n);
  const seen = bad / n;
  return [
    seen === 0 ? 0 : bisect(0, seen, (share) => verdictAt(share) === 'fail'),
    seen === 1 ? 1 : bisect(seen, 1, (share) => verdictAt(share) !== 'pass'),
  ];
}
