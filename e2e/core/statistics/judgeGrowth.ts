import { type Slope, theilSen } from './theilSen.ts';
import type { VerdictName } from './verdict.ts';

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
 * Judges growth per iteration by the values of all iterations after the warm-up. The number of iterations is fixed beforehand: one look.
 * @throws RangeError for fewer than two values, or one that is not finite
 */
export function judgeGrowth(
  values: readonly number[],
  { mostPerIteration, passAlpha, failAlpha }: GrowthPlan,
): Slope & { verdict: VerdictName } {
  const slope = theilSen(values, { lowerAlpha: failAlpha, upperAlpha: passAlpha });
  const [lower, upper] = slope.interval;
  if (lower !== null && lower > mostPerIteration) return { ...slope, verdict: 'fail' };
  const isPass = upper !== null && upper <= mostPerIteration;
  return { ...slope, verdict: isPass ? 'pass' : 'inconclusive' };
}
