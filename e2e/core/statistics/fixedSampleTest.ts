import { binomialAtLeast, binomialAtMost } from './binomialTail.ts';
import type { ShareTestPlan } from './shareTest.ts';
import type { VerdictName } from './verdict.ts';

/**
 * Exact binomial test of a share of bad events in both directions. Its error rates hold for a number of events that was fixed before
 * the first of them was seen, and for one look: the yardstick for what looking at every event costs.
 */
export function fixedSampleTest(bad: number, n: number, plan: ShareTestPlan): VerdictName {
  if (binomialAtMost(bad, n, plan.allowedShare) <= plan.passAlpha) return 'pass';
  if (binomialAtLeast(bad, n, plan.allowedShare) <= plan.failAlpha) return 'fail';
  return 'inconclusive';
}
