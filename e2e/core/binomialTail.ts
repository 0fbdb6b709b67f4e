import { binomialProbability } from './binomialProbability.ts';

/** P(X ≤ count) for X binomial(trials, share), summed outwards from its largest term, so that small tails keep their digits. */
export function binomialAtMost(count: number, trials: number, share: number): number {
  if (count < 0) return 0;
  if (count >= trials) return 1;
  if (count > trials * share) return 1 - binomialAtLeast(count + 1, trials, share);
  const step = (1 - share) / share;
  let term = binomialProbability(count, trials, share);
  let sum = term;
  for (let k = count; k > 0 && term > sum * Number.EPSILON; k--) {
    term *= (step * k) / (trials - k + 1);
    sum += term;
  }
  return Math.min(sum, 1);
}

/** P(X ≥ count) for X binomial(trials, share). */
export function binomialAtLeast(count: number, trials: number, share: number): number {
  return binomialAtMost(trials - count, trials, 1 - share);
}
