import { binomialAtLeast, binomialAtMost } from '../../core/statistics/binomial.ts';
import type { ShareTestPlan } from '../../core/statistics/shareTest.ts';

/**
 * Fewest events that an exact binomial test has to fix beforehand, if it is to be clear in so many of all runs where the share of bad
 * events truly is `badShare`, at the plan's chances of a false pass and a false fail. The fewest: with a few more the chance may be a
 * little smaller again, since counts are whole.
 * @throws RangeError where the truth is the very share that is allowed: no number tells them apart
 */
export function fixedSize(plan: ShareTestPlan, badShare: number, clearIn: number): number {
  if (badShare === plan.allowedShare)
    throw new RangeError('the truth is the share that is allowed');
  const isClear = badShare < plan.allowedShare ? passes(plan) : fails(plan);
  let n = 1;
  while (isClear(n, badShare) < clearIn) n += 1;
  return n;
}

/** The chance of a pass; to be asked with rising n. */
function passes({ allowedShare, passAlpha }: ShareTestPlan) {
  let most = -1;
  return (n: number, badShare: number): number => {
    while (binomialAtMost(most + 1, n, allowedShare) <= passAlpha) most += 1;
    return binomialAtMost(most, n, badShare);
  };
}

/** The chance of a fail; to be asked with rising n. */
function fails({ allowedShare, failAlpha }: ShareTestPlan) {
  let fewest = 0;
  return (n: number, badShare: number): number => {
    while (binomialAtLeast(fewest, n, allowedShare) > failAlpha) fewest += 1;
    return binomialAtLeast(fewest, n, badShare);
  };
}
