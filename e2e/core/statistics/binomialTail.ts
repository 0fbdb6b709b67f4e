import { binomialProbability } from './binomialProbability.ts';

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
