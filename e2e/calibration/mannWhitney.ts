/**
 * Standardised rank sum of Mann and Whitney by the normal approximation without ties, positive where `candidate` is larger: what others
 * would test with. It takes all values for independent, which requests of one machine are not.
 */
export function mannWhitney(baseline: readonly number[], candidate: readonly number[]): number {
  const all = [
    ...baseline.map((value) => ({ value, isCandidate: false })),
    ...candidate.map((value) => ({ value, isCandidate: true })),
  ].sort((a, b) => a.value - b.value);
  const [n, m] = [baseline.length, candidate.length];
  let rankSum = 0;
  for (const [at, { isCandidate }] of all.entries()) if (isCandidate) rankSum += at + 1;
  const excess = rankSum - (m * (n + m + 1)) / 2;
  return excess / Math.sqrt((n * m * (n + m + 1)) / 12);
}
