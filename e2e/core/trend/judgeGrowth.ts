import type { VerdictName } from '../verdict/verdict.ts';
import { type Slope, theilSen } from './theilSen.ts';

export type GrowthPlan = {
  /** Growth per iteration that is allowed, in the unit of the values. */
  mostPerIteration: number;
  /** Chance to pass where it grows by more. */
  passAlpha: number;
  /** Chance to fail where it does not. */
  failAlpha: number;
};

/** With fewer than this thrown away, code that is still being compiled looks like a leak of 10 to 15 KB an iteration. */
export const FEWEST_WARM_UP_ITERATIONS = 10;

/**
 * Judges growth per iteration by the values of all iterations, the first `warmUpIterations` of which are thrown away. The number of
 * iterations is fixed beforehand: one look.
 * @throws RangeError for too short a warm-up, fewer than two iterations after it, or a value that is not finite
 */
export function judgeGrowth(
  values: readonly number[],
  warmUpIterations: number,
  { mostPerIteration, passAlpha, failAlpha }: GrowthPlan,
): Slope & { verdict: VerdictName } {
  if (warmUpIterations < FEWEST_WARM_UP_ITERATIONS) {
    throw new RangeError(
      `growth is judged after at least ${FEWEST_WARM_UP_ITERATIONS} iterations of warm-up, not ${warmUpIterations}`,
    );
  }
  const alphas = { lowerAlpha: failAlpha, upperAlpha: passAlpha };
  const slope = theilSen(values.slice(warmUpIterations), alphas);
  const [lower, upper] = slope.interval;
  if (lower !== null && lower > mostPerIteration) return { ...slope, verdict: 'fail' };
  const isPass = upper !== null && upper <= mostPerIteration;
  return { ...slope, verdict: isPass ? 'pass' : 'inconclusive' };
}
