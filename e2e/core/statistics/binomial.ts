import { bisect } from './bisect.ts';
import type { ShareTestPlan } from './shareTest.ts';
import type { VerdictName } from './verdict.ts';

/**
 * Probability of exactly `count` events in `trials` independent ones that each happen with probability `share`.
 * Loader's saddle-point form (C. Loader 2000, Fast and Accurate Computation of Binomial Probabilities): no difference of large
 * logarithms, so the relative error stays near 1e-13 for a million trials.
 */
export function binomialProbability(count: number, trials: number, share: number): number {
  if (count < 0 || count > trials) return 0;
  if (share === 0) return count === 0 ? 1 : 0;
  if (share === 1) return count === trials ? 1 : 0;
  if (count === 0) return Math.exp(trials * Math.log1p(-share));
  if (count === trials) return Math.exp(trials * Math.log(share));
  const rest = trials - count;
  const correction = stirlingError(trials) - stirlingError(count) - stirlingError(rest);
  const deviance = devianceOf(count, trials * share) + devianceOf(rest, trials * (1 - share));
  const logScale = Math.log(2 * Math.PI) + Math.log(count) + Math.log1p(-count / trials);
  return Math.exp(correction - deviance - logScale / 2);
}

/** log(n!) less Stirling's formula for it. */
function stirlingError(n: number): number {
  if (n <= 15) {
    let logFactorial = 0;
    for (let factor = 2; factor <= n; factor++) logFactorial += Math.log(factor);
    return logFactorial - (Math.log(2 * Math.PI * n) / 2 + n * Math.log(n) - n);
  }
  const square = n * n;
  const inner = 1 / 1680 - 1 / 1188 / square;
  return (1 / 12 - (1 / 360 - (1 / 1260 - inner / square) / square) / square) / n;
}

/** x log(x / mean) + mean − x, by its series where the two are close. */
function devianceOf(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let term = 2 * x * v;
  for (let k = 3; ; k += 2) {
    term *= v * v;
    const next = sum + term / k;
    if (next === sum) return sum;
    sum = next;
  }
}

/** P(X ≤ count) for X binomial(trials, share). Small tails keep their digits: each is summed outwards from its largest term. */
export function binomialAtMost(count: number, trials: number, share: number): number {
  if (count < 0) return 0;
  if (count >= trials) return 1;
  if (count > trials * share) return 1 - sumUpwards(count + 1, trials, share);
  return sumDownwards(count, trials, share);
}

/** P(X ≥ count) for X binomial(trials, share). */
export function binomialAtLeast(count: number, trials: number, share: number): number {
  if (count <= 0) return 1;
  if (count > trials) return 0;
  if (count < trials * share) return 1 - sumDownwards(count - 1, trials, share);
  return sumUpwards(count, trials, share);
}

function sumDownwards(count: number, trials: number, share: number): number {
  const odds = share / (1 - share);
  let term = binomialProbability(count, trials, share);
  let sum = term;
  for (let k = count; k > 0 && term > sum * Number.EPSILON; k--) {
    term *= k / ((trials - k + 1) * odds);
    sum += term;
  }
  return Math.min(sum, 1);
}

function sumUpwards(count: number, trials: number, share: number): number {
  const odds = share / (1 - share);
  let term = binomialProbability(count, trials, share);
  let sum = term;
  for (let k = count; k < trials && term > sum * Number.EPSILON; k++) {
    term *= ((trials - k) * odds) / (k + 1);
    sum += term;
  }
  return Math.min(sum, 1);
}

/**
 * Greatest share that `bad` of `n` events do not contradict at level `alpha` (Clopper & Pearson 1934, one side).
 * In [0, 1]; 1 when all were bad. @throws RangeError on impossible counts.
 */
export function exactUpperBound(bad: number, n: number, alpha: number): number {
  checkCounts(bad, n, alpha);
  if (bad === n) return 1;
  if (bad === 0) return -Math.expm1(Math.log(alpha) / n);
  return bisect(bad / n, 1, (share) => binomialAtMost(bad, n, share) > alpha);
}

function checkCounts(bad: number, n: number, alpha: number): void {
  if (!Number.isInteger(bad) || !Number.isInteger(n) || bad < 0 || n < 1 || bad > n) {
    throw new RangeError(`${bad} bad events of ${n} cannot be`);
  }
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`an error rate lies in (0, 1), not ${alpha}`);
}

/**
 * Fewest events that can establish, not one of them bad, that at most `allowedShare` are: 5 for 50 %, 59 for 5 %, 2,995 for 0.1 %
 * at `alpha` = 5 %. @throws RangeError for shares outside (0, 1): no number of events establishes "never".
 */
export function smallestSampleSize(allowedShare: number, alpha: number): number {
  if (!(allowedShare > 0 && allowedShare < 1)) {
    throw new RangeError(`a share that can be established lies in (0, 1), not ${allowedShare}`);
  }
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`an error rate lies in (0, 1), not ${alpha}`);
  const size = Math.max(1, Math.floor(Math.log(alpha) / Math.log1p(-allowedShare)));
  return binomialAtMost(0, size, allowedShare) <= alpha ? size : size + 1;
}

/**
 * Exact binomial test of a share of bad events in both directions. Its error rates hold for a number of events that was fixed before
 * the first of them was seen, and for one look: the yardstick for what looking at every event costs.
 */
export function fixedSampleTest(bad: number, n: number, plan: ShareTestPlan): VerdictName {
  if (binomialAtMost(bad, n, plan.allowedShare) <= plan.passAlpha) return 'pass';
  if (binomialAtLeast(bad, n, plan.allowedShare) <= plan.failAlpha) return 'fail';
  return 'inconclusive';
}
