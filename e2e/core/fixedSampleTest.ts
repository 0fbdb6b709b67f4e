import { binomialAtLeast, binomialAtMost } from './binomialTail.ts';
import type { VerdictName } from './verdict.ts';

/** What a test of a share compares: the share that is allowed, and how often it may err in each direction. */
export type ShareTestPlan = {
  /** In (0, 1). */
  allowedShare: number;
  /** Chance to pass where more is bad than allowed. */
  passAlpha: number;
  /** Chance to fail where no more is bad than allowed. */
  failAlpha: number;
};

/**
 * Exact binomial test of a share of bad events in both directions. Its error rates hold for a number of events that was fixed before
 * the first of them was seen, and for one look.
 */
export function fixedSampleTest(bad: number, n: number, plan: ShareTestPlan): VerdictName {
  if (binomialAtMost(bad, n, plan.allowedShare) <= plan.passAlpha) return 'pass';
  if (binomialAtLeast(bad, n, plan.allowedShare) <= plan.failAlpha) return 'fail';
  return 'inconclusive';
}
