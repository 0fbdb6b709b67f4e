import { HarnessError } from '../core/harnessError.ts';
import { median, quantile, sortSample } from '../core/statistics/quantile.ts';
import { bisect } from '../core/statistics/search.ts';
import type { Interval } from '../core/statistics/verdict.ts';

/**
 * Measurements of two versions that were taken in turn, the order within the pair drawn at random, with the same questions and the same
 * model latencies on both sides. Small blocks follow the noise of the machine best: five requests a side.
 */
export type BlockPair = { baseline: readonly number[]; candidate: readonly number[] };

/**
 * Logarithm of the ratio of block medians, candidate to baseline, of each pair.
 * @throws HarnessError RECORD_INVALID for a block without values, or a value that is not finite and positive: it has no ratio
 */
export function logRatios(id: string, pairs: readonly BlockPair[]): number[] {
  return pairs.map((pair, at) => {
    const medianOf = (side: keyof BlockPair) => {
      const wrong = pair[side].find((value) => !(Number.isFinite(value) && value > 0));
      if (wrong === undefined && pair[side].length > 0) return median(pair[side]);
      throw new HarnessError({
        code: 'RECORD_INVALID',
        summary: `${id} cannot be compared by what was recorded.`,
        path: `${id} → pair ${at + 1} → ${side}`,
        found: wrong === undefined ? 'no value' : String(wrong),
        expected: 'finite, positive values',
        remedy: 'Run the comparison again; the record must not be edited.',
      });
    };
    return Math.log(medianOf('candidate') / medianOf('baseline'));
  });
}

/** Stakes per unit of log ratio: the largest suits shifts of some 2 %, the smallest 30 % and noise. */
const STAKES = [3, 6, 12, 24, 48];

/** Of the ends of an interval, in log ratio: far below what can be measured. */
const TOLERANCE = 1e-9;

/**
 * Logarithm of the evidence that values lie above `shift` (or below, for direction −1). Each value x multiplies the evidence by
 * exp(λx) / cosh(λx), whose mean is 1 where x is symmetric and less where it tends to the wrong side, so the evidence is valid at every
 * look and needs no variance: a large value at most doubles it. A mixture over stakes λ.
 * (Self-normalised processes: de la Peña 1999; this is their exact form for symmetric values, which exp(λx − λ²x²/2) bounds from below.)
 */
export function logShiftEvidence(
  values: readonly number[],
  shift: number,
  direction: 1 | -1,
): number {
  const terms = STAKES.map((stake) =>
    values.reduce(
      (sum, value) =>
        sum + Math.LN2 - Math.log1p(Math.exp(-2 * stake * direction * (value - shift))),
      0,
    ),
  );
  const largest = Math.max(...terms);
  const sum = terms.reduce((total, term) => total + Math.exp(term - largest), 0);
  return largest + Math.log(sum / STAKES.length);
}

/** Interval of the centre that inverts that evidence at level `alpha` on each side. Null for an end that too few values leave open. */
export function shiftInterval(values: readonly number[], alpha: number): Interval {
  const needed = -Math.log(alpha);
  // However far the shift, each value at most doubles the evidence.
  if (values.length * Math.LN2 <= needed) return [null, null];
  const reach = needed + Math.max(...values.map(Math.abs));
  return [
    bisect(-reach, reach, (shift) => logShiftEvidence(values, shift, 1) >= needed, TOLERANCE),
    bisect(-reach, reach, (shift) => logShiftEvidence(values, shift, -1) < needed, TOLERANCE),
  ];
}

/** How many values each side has in the common tail. */
export type TailShift = {
  /** Quantile of both sides together; strictly above it lies the tail. */
  limit: number;
  baselineAbove: number;
  candidateAbove: number;
  /** Chance of at least this many more on the candidate's side if the versions were equal. */
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

/**
 * Adjusts evidence on several hypotheses so that, with what comes out, the chance of even one false rejection at 1/α is at most α,
 * however they depend on one another: a mean of e-values is an e-value, so each becomes the smallest mean of any set that it is in (Vovk &
 * Wang 2021, E-values: calibration, combination and applications, algorithm 1). Values and results are e-values, not their logarithms.
 */
export function eHolm(evidence: readonly number[]): number[] {
  const ascending = evidence.toSorted((a, b) => a - b);
  return evidence.map((own) => {
    let [sum, smallest] = [own, own];
    for (const [at, other] of ascending.toSpliced(ascending.indexOf(own), 1).entries()) {
      sum += other;
      smallest = Math.min(smallest, sum / (at + 2));
    }
    return smallest;
  });
}
