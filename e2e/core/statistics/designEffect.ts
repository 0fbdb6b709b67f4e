import type { EventTally } from './eventTally.ts';

/**
 * By how much bad events come in bursts: so many of them tell as much as one independent event would. 1 for independence, 2L − 1 for
 * bursts of mean length L; null without a bad event, since then nothing shows it.
 *
 * It is the greatest of three estimates, since each misses a kind of burst: by the mean length of runs of bad events; by their mean
 * square, for a few long ones among many short; by autocorrelation, for bursts that spare some requests. Each is set against what
 * independence would give at the share that was seen, and bad events at a steady beat (one slow server of four) do not count as bursts.
 */
export function designEffect(tally: EventTally): number | null {
  const { n, bad, runs, sumOfSquaredRuns, pairsAtLag } = tally;
  if (bad === 0) return null;
  if (bad === n) return 1;
  const share = bad / n;
  const byMean = (2 * bad * (1 - share)) / runs - 1;
  const bySquares = ((sumOfSquaredRuns / bad) * (1 - share)) / (1 + share);
  const correlation = pairsAtLag.reduce((sum, pairs) => sum + (pairs / bad - share), 0);
  return Math.max(1, byMean, bySquares, 1 + (2 * correlation) / (1 - share));
}
