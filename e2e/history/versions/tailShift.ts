import { quantile } from '../../core/statistics/quantile.ts';
import { sortSample } from '../../core/statistics/sortedSample.ts';
import type { BlockPair } from './blockPair.ts';

/** Which side has more values in the common tail, and by what chance. */
export type TailShift = {
  /** Quantile of both sides together; strictly above it lies the tail. */
  limit: number;
  baselineAbove: number;
  candidateAbove: number;
  /** Chance of as many more on the candidate's side if the sides were the same. */
  pWorse: number;
  pBetter: number;
};

const TAIL_QUANTILE = 0.99;

/**
 * Compares the tails of two versions: values strictly above the P99 of both together (so that ties at it count for neither), counted for
 * each block, and the difference within each pair set against all signs it could have had. Exact, for one look at a number of pairs that
 * was fixed beforehand; noise that both blocks of a pair share does no harm. @throws RangeError without values
 */
export function tailShift(pairs: readonly BlockPair[]): TailShift {
  const all = pairs.flatMap((pair) => [...pair.baseline, ...pair.candidate]);
  const limit = quantile(sortSample(all), TAIL_QUANTILE);
  const countAbove = (values: readonly number[]) => values.filter((value) => value > limit).length;
  const counts = pairs.map(({ baseline, candidate }) => ({
    baseline: countAbove(baseline),
    candidate: countAbove(candidate),
  }));
  const differences = counts.map((count) => count.candidate - count.baseline);
  return {
    limit,
    baselineAbove: counts.reduce((sum, count) => sum + count.baseline, 0),
    candidateAbove: counts.reduce((sum, count) => sum + count.candidate, 0),
    pWorse: signFlipChance(differences),
    pBetter: signFlipChance(differences.map((difference) => -difference)),
  };
}

/** Chance that whole numbers with random signs add up to at least what these do. Exact, by the distribution of the sum. */
export function signFlipChance(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs).filter((size) => size > 0);
  const most = sizes.reduce((sum, size) => sum + size, 0);
  const observed = differences.reduce((sum, difference) => sum + difference, 0);
  let chances = new Float64Array(2 * most + 1);
  chances[most] = 1;
  for (const size of sizes) {
    const next = new Float64Array(2 * most + 1);
    chances.forEach((chance, at) => {
      if (chance === 0) return;
      next[at + size] = (next[at + size] as number) + chance / 2;
      next[at - size] = (next[at - size] as number) + chance / 2;
    });
    chances = next;
  }
  return Math.min(
    1,
    chances.subarray(most + observed).reduce((sum, chance) => sum + chance, 0),
  );
}
