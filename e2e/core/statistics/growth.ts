import { median, sortSample, valueOfRank } from './quantile.ts';
import type { Interval, VerdictName } from './verdict.ts';

type GrowthPlan = {
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

/** Growth from one iteration to the next, in the unit of the values. */
type Slope = {
  perIteration: number;
  /** An end that so few iterations do not bound is open. */
  interval: Interval;
  n: number;
};

/** Up to here the distribution is calculated exactly; its cost grows with the third power. */
const MOST_EXACT = 200;

/**
 * Slope of values over their place: the median of the slopes of all pairs (Theil 1950, Sen 1968), which up to 29 % of outliers cannot move
 * far, with the interval that inverts Kendall's test, exact up to 200 values, by the normal approximation beyond.
 * @param alphas chance that the true slope lies beyond each end, for independent noise of any distribution
 * @throws RangeError for fewer than two values or one that is not finite
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
  const below = mostInversions(n, lowerAlpha);
  const above = mostInversions(n, upperAlpha);
  return {
    perIteration: median(slopes),
    interval: [
      below === null ? null : valueOfRank(slopes, below + 1),
      above === null ? null : valueOfRank(slopes, slopes.length - above),
    ],
    n,
  };
}

/** Greatest number of inversions that so many or fewer come to with chance `alpha` at most; null where not even none does. */
function mostInversions(n: number, alpha: number): number | null {
  if (n > MOST_EXACT) {
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

/** The normal deviate that is exceeded with chance `alpha` (Abramowitz & Stegun 26.2.23, to 4.5e-4). */
function normalQuantile(alpha: number): number {
  const t = Math.sqrt(-2 * Math.log(alpha));
  const numerator = 2.515517 + (0.802853 + 0.010328 * t) * t;
  return t - numerator / (1 + (1.432788 + (0.189269 + 0.001308 * t) * t) * t);
}

/**
 * Chances of 0, 1, 2, … inversions in a random order of `n` values: the distribution of Kendall's statistic without ties, exact, built
 * up value by value (each new one is inverted with 0 … k of those before it).
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
