import { HarnessError } from '../core/harnessError.ts';
import { median, quantile, sortSample } from '../core/statistics/quantile.ts';
import { bisect } from '../core/statistics/search.ts';
import { logSumExp } from '../core/statistics/shareEvidence.ts';
import type { Interval } from '../core/statistics/verdict.ts';

/**
 * Two blocks of measurements, one of each version, with the same questions and latencies of the model. They are taken one after the
 * other, in random order. Blocks of five requests cancel the drift of the machine best.
 */
export type BlockPair = { baseline: readonly number[]; candidate: readonly number[] };

/**
 * For each pair, the logarithm of the ratio of the medians of its blocks, candidate to baseline.
 * @throws HarnessError RECORD_INVALID for a block without values, or a value that is not finite and positive
 */
export function logRatios(id: string, pairs: readonly BlockPair[]): number[] {
  return pairs.map((pair, at) => {
    const centreOf = (side: keyof BlockPair) => {
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
    return Math.log(centreOf('candidate') / centreOf('baseline'));
  });
}

/** Stakes λ. The largest finds shifts of about 2 % soonest, the smallest shifts of 10 % where ratios scatter by half. */
const STAKES = [0.75, 1.5, 3, 6, 12, 24, 48];

/** Error of the ends of an interval, in log ratio; far smaller than any measurable difference. */
const TOLERANCE = 1e-9;

/**
 * Logarithm of the evidence (e-process, a mixture over λ) that the values are centred above `shift`; below it for direction −1. Each
 * deviation x from `shift` multiplies the evidence by exp(λx) / cosh(λx). If x is symmetric about zero the mean of that factor is 1,
 * whatever the variance, so the evidence is valid at every look; an outlier at most doubles it. (Self-normalised processes: de la
 * Peña 1999, who uses the lower bound exp(λx − λ²x²/2) of this factor.)
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
  return logSumExp(terms) - Math.log(STAKES.length);
}

/** Confidence interval of the centre: inverts that evidence at level `alpha` on each side. Its ends are null for too few values. */
export function shiftInterval(values: readonly number[], alpha: number): Interval {
  const needed = -Math.log(alpha);
  // Each value at most doubles the evidence, so these are too few for any shift.
  if (values.length * Math.LN2 <= needed) return [null, null];
  const reach = needed + Math.max(...values.map(Math.abs));
  return [
    bisect(-reach, reach, (shift) => logShiftEvidence(values, shift, 1) >= needed, TOLERANCE),
    bisect(-reach, reach, (shift) => logShiftEvidence(values, shift, -1) < needed, TOLERANCE),
  ];
}

/** How much of each version lies in their common tail. */
export type TailShift = {
  /** P99 of each version. */
  baseline: number;
  candidate: number;
  /** P99 of both versions together; the tail lies strictly above it. */
  limit: number;
  baselineAbove: number;
  candidateAbove: number;
  /** p-value: chance of at least this excess of the candidate if the versions are equal. */
  pWorse: number;
  pBetter: number;
};

const TAIL_QUANTILE = 0.99;
/** A value counts once more for each 10 % or so that it lies above the common P99: how far, tells more than how many. */
const STEPS_PER_LOG = 10;

/**
 * Compares the tails of two versions by an exact sign-flip test (Fisher 1935). It adds up by how much the values of each block exceed
 * the common P99; if the versions are equal, the sign of the difference within each pair is random. Noise that both blocks of a pair
 * share does no harm. Valid for one look at a number of pairs that was fixed in advance. @throws RangeError without values
 */
export function tailShift(pairs: readonly BlockPair[]): TailShift {
  const valuesOf = (side: keyof BlockPair) => pairs.flatMap((pair) => pair[side]);
  const tailOf = (values: readonly number[]) => quantile(sortSample(values), TAIL_QUANTILE);
  const [ofBaseline, ofCandidate] = [valuesOf('baseline'), valuesOf('candidate')];
  const limit = tailOf([...ofBaseline, ...ofCandidate]);
  const isAbove = (value: number) => value > limit;
  const excessOf = (values: readonly number[]) =>
    values
      .filter(isAbove)
      .reduce((sum, value) => sum + 1 + Math.floor(STEPS_PER_LOG * Math.log(value / limit)), 0);
  const differences = pairs.map((pair) => excessOf(pair.candidate) - excessOf(pair.baseline));
  return {
    baseline: tailOf(ofBaseline),
    candidate: tailOf(ofCandidate),
    limit,
    baselineAbove: ofBaseline.filter(isAbove).length,
    candidateAbove: ofCandidate.filter(isAbove).length,
    pWorse: signFlipChance(differences),
    pBetter: signFlipChance(differences.map((difference) => -difference)),
  };
}

/** The exact chance that these whole numbers, with random signs, have a sum of at least their actual one. */
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
 * Adjusts e-values (not their logarithms) for multiple testing. If all results of at least 1/α are rejected, the chance of any false
 * rejection is at most α, however the tests depend on each other. Each e-value becomes the smallest mean of all sets that contain it
 * (e-Holm: Vovk & Wang 2021, E-values: calibration, combination and applications, algorithm 1).
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
