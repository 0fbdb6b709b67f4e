import { median, sortSample, valueOfRank } from './quantile.ts';
import type { Interval, TestLevels, VerdictName } from './verdict.ts';

type GrowthPlan = TestLevels & {
  /** The growth per iteration that is allowed, in the unit of the values. */
  mostPerIteration: number;
};

/** With fewer warm-up iterations, code that is still being compiled looks like a leak of 10 to 15 KB an iteration. */
export const FEWEST_WARM_UP_ITERATIONS = 10;

/**
 * Judges the growth per iteration by the interval of its Theil–Sen slope. Its error rates hold for one look at a number of
 * iterations that was fixed in advance.
 * @param values one for each iteration after the warm-up, in order
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

type Slope = {
  /** Growth from one iteration to the next, in the unit of the values. */
  perIteration: number;
  interval: Interval;
};

/** Up to this number of values the distribution is calculated exactly; the cost grows with the third power. */
const MAX_EXACT = 200;

/**
 * Theil–Sen estimator: the median of the slopes between all pairs of values (Theil 1950, Sen 1968). Up to 29 % of outliers do not
 * move it far. Its interval inverts Kendall's test of trend: exactly up to 200 values, beyond by the normal approximation.
 * @param alphas chance that the true slope lies beyond each end, for independent noise of any distribution
 * @throws RangeError for fewer than two values, or one that is not finite
 */
export function theilSen(
  values: readonly number[],
  { lowerAlpha, upperAlpha }: { lowerAlpha: number; upperAlpha: number },
): Slope {
  const n = values.length;
  if (n < 2) throw new RangeError(`a slope takes at least two values, not ${n}`);
  const slopes = sortSample(
    values.flatMap((value, at) =>
      values.slice(at + 1).map((later, distance) => (later - value) / (distance + 1)),
    ),
  );
  const below = criticalInversions(n, lowerAlpha);
  const above = criticalInversions(n, upperAlpha);
  return {
    perIteration: median(slopes),
    interval: [
      below === null ? null : valueOfRank(slopes, below + 1),
      above === null ? null : valueOfRank(slopes, slopes.length - above),
    ],
  };
}

/** Greatest c with P(inversions ≤ c) ≤ alpha in a random order of n values; null if even c = 0 is too likely. */
function criticalInversions(n: number, alpha: number): number | null {
  if (n > MAX_EXACT) {
    const mean = (n * (n - 1)) / 4;
    const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 72);
    return Math.floor(mean - normalQuantile(alpha) * deviation - 0.5);
  }
  const chances = inversionChances(n);
  let sum = 0;
  for (let count = 0; count < chances.length; count++) {
    sum += chances[count] as number;
    if (sum > alpha) return count === 0 ? null : count - 1;
  }
  throw new RangeError(`an error rate lies in (0, 1), not ${alpha}`);
}

/** The z with P(Z > z) = alpha for a standard normal Z (Abramowitz & Stegun 26.2.23, error below 4.5e-4). */
function normalQuantile(alpha: number): number {
  const t = Math.sqrt(-2 * Math.log(alpha));
  const numerator = 2.515517 + (0.802853 + 0.010328 * t) * t;
  return t - numerator / (1 + (1.432788 + (0.189269 + 0.001308 * t) * t) * t);
}

/**
 * Chances of 0, 1, 2, … inversions in a random order of n values: the exact distribution of Kendall's statistic without ties
 * (Kendall 1938). Values are added one by one; the k-th is inverted with 0 … k − 1 of those before it, all equally likely.
 */
export function inversionChances(n: number): Float64Array {
  const most = (n * (n - 1)) / 2;
  let chances = new Float64Array(most + 1);
  chances[0] = 1;
  for (let size = 2; size <= n; size++) {
    const next = new Float64Array(most + 1);
    let window = 0;
    for (let count = 0; count <= (size * (size - 1)) / 2; count++) {
      window += chances[count] as number;
      if (count >= size) window -= chances[count - size] as number;
      next[count] = window / size;
    }
    chances = next;
  }
  return chances;
}
