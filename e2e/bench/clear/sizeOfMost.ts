import { expectedSampling } from '../../core/statistics/sampleSize.ts';
import type { ShareTestPlan } from '../../core/statistics/shareTest.ts';

/** Events by which sampling until clear has ended in so many of all simulated runs; `mostEvents` where it has not by then. */
export function sizeOfMost(
  plan: ShareTestPlan,
  badShare: number,
  { clearIn, mostEvents }: { clearIn: number; mostEvents: number },
): number {
  let [tooFew, enough] = [0, mostEvents];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (expectedSampling(plan, badShare, middle).open <= 1 - clearIn) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
