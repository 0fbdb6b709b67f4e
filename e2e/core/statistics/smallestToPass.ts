import { mixtureEvidence, PASS_PRIOR } from './mixtureEvidence.ts';
import type { ShareTestPlan } from './shareTest.ts';
import { smallestSampleSize } from './smallestSampleSize.ts';

/**
 * Fewest events that can pass an objective, not one of them bad, where every event may be looked at: 5 for P50, 65 for P95, 3,288 for
 * 99.9 % at 5 %. A test at a number fixed beforehand takes a tenth fewer (`smallestSampleSize`), and may not be looked at before.
 */
export function smallestToPass({
  allowedShare,
  passAlpha,
}: Pick<ShareTestPlan, 'allowedShare' | 'passAlpha'>): number {
  const evidence = mixtureEvidence(allowedShare, PASS_PRIOR);
  const passes = (n: number) => evidence(0, n) >= -Math.log(passAlpha);
  let tooFew = smallestSampleSize(allowedShare, passAlpha) - 1;
  let enough = 2 * tooFew + 2;
  while (!passes(enough)) enough *= 2;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (passes(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
