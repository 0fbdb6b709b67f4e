import { bisect } from './search.ts';
import { assertErrorRate, type ShareTestPlan, type VerdictName } from './verdict.ts';

/**
 * P(X = count) for X binomial(trials, share). Loader's saddle-point form (C. Loader 2000, Fast and Accurate Computation of Binomial
 * Probabilities): it subtracts no large logarithms, so the relative error stays near 1e-13 for a million trials.
 */
export function binomialProbability(count: number, trials: number, share: number): number {
  if (count < 0 || count > trials) return 0;
  if (share === 0) return count === 0 ? 1 : 0;
  if (share === 1) return count === trials ? 1 : 0;
  if (count === 0) return Math.exp(trials * Math.log1p(-share));
  if (count === trials) return Math.exp(trials * Math.log(share));
  const rest = trials - count;
  const correction = stirlingError(trials) - stirlingError(count) - stirlingError(rest);
  const deviance = deviancePart(count, trials * share) + deviancePart(rest, trials * (1 - share));
  const logScale = Math.log(2 * Math.PI) + Math.log(count) + Math.log1p(-count / trials);
  return Math.exp(correction - deviance - logScale / 2);
}

/** log(n!) minus Stirling's approximation of it. */
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

/** x log(x / mean) + mean − x; by a series where x is close to the mean, since the terms would cancel. */
function deviancePart(x: number, mean: number): number {
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

/** P(X ≤ count) for X binomial(trials, share). Each tail is summed from its largest term outwards, so small tails stay exact. */
export function binomialAtMost(count: number, trials: number, share: number): number {
  if (count < 0) return 0;
  if (count >= trials) return 1;
  if (count > trials * share) return 1 - sumTail(count + 1, trials, share, 1);
  return sumTail(count, trials, share, -1);
}

/** P(X ≥ count) for X binomial(trials, share). */
export function binomialAtLeast(count: number, trials: number, share: number): number {
  if (count <= 0) return 1;
  if (count > trials) return 0;
  if (count < trials * share) return 1 - sumTail(count - 1, trials, share, -1);
  return sumTail(count, trials, share, 1);
}

/** Sum of the probabilities from `count` upwards (step 1) or downwards (step −1). */
function sumTail(count: number, trials: number, share: number, step: 1 | -1): number {
  const odds = share / (1 - share);
  const last = step === 1 ? trials : 0;
  let term = binomialProbability(count, trials, share);
  let sum = term;
  for (let k = count; k !== last && term > sum * Number.EPSILON; k += step) {
    term *= step === 1 ? ((trials - k) * odds) / (k + 1) : k / ((trials - k + 1) * odds);
    sum += term;
  }
  return Math.min(sum, 1);
}

/**
 * One-sided upper confidence bound on the share of bad events after `bad` of `n` (Clopper & Pearson 1934), at level `alpha`.
 * In [0, 1]; 1 if all were bad. @throws RangeError for impossible counts
 */
export function exactUpperBound(bad: number, n: number, alpha: number): number {
  if (!Number.isInteger(bad) || !Number.isInteger(n) || bad < 0 || n < 1 || bad > n) {
    throw new RangeError(`${bad} bad events of ${n} cannot be`);
  }
  assertErrorRate(alpha);
  if (bad === n) return 1;
  if (bad === 0) return -Math.expm1(Math.log(alpha) / n);
  return bisect(bad / n, 1, (share) => binomialAtMost(bad, n, share) > alpha);
}

/** Exact binomial test of a share in both directions. Its error rates hold for one look at a number of events that was fixed in advance. */
export function fixedSampleTest(bad: number, n: number, plan: ShareTestPlan): VerdictName {
  if (binomialAtMost(bad, n, plan.allowedShare) <= plan.passAlpha) return 'pass';
  if (binomialAtLeast(bad, n, plan.allowedShare) <= plan.failAlpha) return 'fail';
  return 'inconclusive';
}
