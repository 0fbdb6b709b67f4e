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
