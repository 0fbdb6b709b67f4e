import { median } from '../core/statistics/quantile.ts';
import type { Interval } from '../core/statistics/verdict.ts';
import {
  type BlockPair,
  eHolm,
  logRatios,
  logShiftEvidence,
  shiftInterval,
  type TailShift,
  tailShift,
} from './versionEvidence.ts';

/** Verdict on the candidate. `same`: any difference was shown to be smaller than the smallest that matters. */
export type VersionVerdict = 'worse' | 'better' | 'same' | 'open';

type TailVerdict = 'worse' | 'better' | 'open';

/** One metric of two versions; higher values are worse. */
type ComparedMetric = {
  id: string;
  pairs: readonly BlockPair[];
  /** Is its tail tested too? A test that cannot matter would take a share of the level. */
  hasTail: boolean;
};

export type VersionComparison = {
  id: string;
  /** Pairs of blocks. */
  n: number;
  /** Candidate to baseline: the median of the ratios of the pairs; 1.1: 10 % slower. */
  ratio: number;
  /** Confidence interval of the ratio, at 1 − `differenceAlpha`; valid at every look. */
  interval: Interval;
  verdict: VersionVerdict;
  /** Null before the last look, and where no tail is tested. */
  tail: (TailShift & { verdict: TailVerdict }) | null;
};

export type ComparisonRates = {
  /** Chance that any metric of two equal versions is found worse or better. */
  differenceAlpha: number;
  /** Chance that a metric with a difference that matters is found the same. */
  sameAlpha: number;
  /** Smallest ratio that matters; 1.05: 5 %. */
  smallestRatio: number;
};

export const DEFAULT_COMPARISON: ComparisonRates = {
  differenceAlpha: 0.01,
  sameAlpha: 0.05,
  smallestRatio: 1.05,
};

/** A comparison ends after this number of pairs of blocks, even if it is open. */
export const MAX_PAIRS = 200;

/** The evidence is looked at after each of this many pairs: a look takes a little time. */
export const LOOK_EVERY = 10;

/**
 * Compares all metrics of two versions. It may be called after each pair, since the evidence on medians is valid at every look. It
 * compares tails only at the last look, at the level divided by the number of all tests.
 * @throws HarnessError RECORD_INVALID with the metric and the pair, RangeError without pairs
 */
export function compareVersions(
  metrics: readonly ComparedMetric[],
  rates: ComparisonRates,
  { isLastLook }: { isLastLook: boolean },
): VersionComparison[] {
  const compared = metrics.map(({ id, pairs, hasTail }) => ({
    ratios: logRatios(id, pairs),
    hasTail,
    tail: isLastLook && hasTail ? tailShift(pairs) : null,
  }));
  const verdicts = versionVerdicts(compared, rates);
  return metrics.flatMap(({ id, pairs }, at) => {
    const [own, judged] = [compared[at], verdicts[at]];
    if (own === undefined || judged === undefined) return [];
    const [lower, upper] = shiftInterval(own.ratios, rates.differenceAlpha / 2);
    return {
      id,
      n: pairs.length,
      ratio: Math.exp(median(own.ratios)),
      interval: [lower === null ? null : Math.exp(lower), upper === null ? null : Math.exp(upper)],
      verdict: judged.verdict,
      tail: own.tail && { ...own.tail, verdict: judged.tail },
    };
  });
}

/** A metric as the tests see it. */
export type TestedMetric = Pick<ComparedMetric, 'hasTail'> & {
  /** Log ratios of its pairs. */
  ratios: readonly number[];
  /** Null before the last look. */
  tail: TailShift | null;
};

/**
 * Decides all metrics together, with e-Holm over all tests of all metrics: worse and better, in the median and in the tail. `same` needs no
 * correction, since its error rate, like that of a false pass, holds for each metric.
 */
export function versionVerdicts(
  metrics: readonly TestedMetric[],
  { differenceAlpha, sameAlpha, smallestRatio }: ComparisonRates,
): { verdict: VersionVerdict; tail: TailVerdict }[] {
  const tests = metrics.reduce((sum, { hasTail }) => sum + (hasTail ? 4 : 2), 0);
  const tailAlpha = differenceAlpha / tests;
  // A p-value at or below a fixed level is an e-value of 1 / level (Vovk & Wang 2021, section 2).
  const tailEvidence = (p: number | undefined) =>
    p !== undefined && p <= tailAlpha ? 1 / tailAlpha : 0;
  const evidence = metrics.flatMap(({ ratios, hasTail, tail }) => [
    Math.exp(logShiftEvidence(ratios, 0, 1)),
    Math.exp(logShiftEvidence(ratios, 0, -1)),
    ...(hasTail ? [tailEvidence(tail?.pWorse), tailEvidence(tail?.pBetter)] : []),
  ]);
  // Means of e-values may miss 1 / level by a rounding error.
  const isEstablished = eHolm(evidence).map((value) => value >= (1 - 1e-9) / differenceAlpha);
  const margin = Math.log(smallestRatio);
  const needed = -Math.log(sameAlpha);
  return metrics.map(({ ratios, hasTail, tail: shift }) => {
    const [worse, better, tailWorse, tailBetter] = isEstablished.splice(0, hasTail ? 4 : 2);
    const centre = median(ratios);
    const tailCentre = shift === null ? 0 : Math.log(shift.candidate / shift.baseline);
    let tail: TailVerdict = 'open';
    if (tailWorse === true && tailCentre >= margin) tail = 'worse';
    if (tailBetter === true && tailCentre <= -margin) tail = 'better';
    if (worse === true && centre >= margin) return { verdict: 'worse', tail };
    if (better === true && centre <= -margin) return { verdict: 'better', tail };
    const isSame =
      logShiftEvidence(ratios, margin, -1) >= needed &&
      logShiftEvidence(ratios, -margin, 1) >= needed;
    return { verdict: isSame ? 'same' : 'open', tail };
  });
}
