import { verdictOfCounts } from './shareTest.ts';
import type { ShareTestPlan } from './shareTestPlan.ts';
import { smallestSampleSize } from './smallestSampleSize.ts';

/**
 * Fewest events that can pass an objective, not one of them bad, where every event may be looked at: 5 for P50, 65 for P95, 3,288 for
 * 99.9 % at 5 %. A test at a number fixed beforehand takes a tenth fewer (`smallestSampleSize`), and may not be looked at before.
 */
export function smallestToPass(plan: Pick<ShareTestPlan, 'allowedShare' | 'passAlpha'>): number {
  // The other direction plays no part where nothing is bad.
  const verdict = verdictOfCounts({ ...plan, failAlpha: plan.passAlpha });
  let tooFew = smallestSampleSize(plan.allowedShare, plan.passAlpha) - 1;
  let enough = 2 * tooFew + 2;
  while (verdict(0, enough) !== 'pass') enough *= 2;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (verdict(0, middle) === 'pass') enough = middle;
    else tooFew = middle;
  }
  return enough;
}
