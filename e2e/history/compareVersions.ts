import { median } from '../core/statistics/median.ts';
import type { Interval } from '../core/verdict/verdict.ts';
import {
  type BlockPair,
  eHolm,
  logRatios,
  logShiftEvidence,
  shiftInterval,
  type TailShift,
  tailShift,
} from './versionEvidence.ts';

/** What a comparison says of the candidate. `same`: no difference beyond the smallest that matters, which is established, not assumed. */
export type VersionVerdict = 'worse' | 'better' | 'same' | 'open';

/** One metric, larger values being worse, as two versions show it. */
type ComparedMetric = { id: string; pairs: readonly BlockPair[] };

type VersionComparison = {
  id: string;
  /** Pairs of blocks looked at. */
  n: number;
  /** Candidate to baseline, the median over pairs of the ratio of block medians; 1.1: a tenth slower. */
  ratio: number;
  /** Of the ratio, at 1 − `differenceAlpha`; valid at every look. */
  interval: Interval;
  verdict: VersionVerdict;
  /** Null before the last look. */
  tail: (TailShift & { verdict: 'worse' | 'better' | 'open' }) | null;
};

export type ComparisonRates = {
  /** Chance that any metric of two equal versions is called worse or better. */
  differenceAlpha: number;
  /** Chance that a metric that differs by more than what matters is called the same. */
  sameAlpha: number;
  /** Smallest ratio that matters, above 1: 1.05 for a twentieth. */
  smallestRatio: number;
};

export const DEFAULT_COMPARISON: ComparisonRates = {
  differenceAlpha: 0.01,
  sameAlpha: 0.05,
  smallestRatio: 1.05,
};

/** Pairs of blocks that settle a comparison, or leave it open. */
export const MOST_PAIRS = 200;

/**
 * Compares two versions over all their metrics. To be called after each pair, if one likes: the evidence on medians is valid at every
 * look. Tails take part in the last look alone, and at a share of the level that covers all metrics in both directions.
 * @throws HarnessError RECORD_INVALID naming metric and pair, RangeError without a pair
 */
export function compareVersions(
  metrics: readonly ComparedMetric[],
  rates: ComparisonRates,
  look: { isLastLook: boolean },
): VersionComparison[] {
  const ratios = metrics.map(({ id, pairs }) => logRatios(id, pairs));
  const tails = metrics.map(({ pairs }) => (look.isLastLook ? tailShift(pairs) : null));
  const verdicts = versionVerdicts(ratios, tails, rates);
  return metrics.map(({ id, pairs }, at) => {
    const values = ratios[at] as number[];
    const { verdict, tail: tailVerdict } = verdicts[at] as MetricVerdict;
    const [lower, upper] = shiftInterval(values, rates.differenceAlpha / 2);
    const tail = tails[at] ?? null;
    return {
      id,
      n: pairs.length,
      ratio: Math.exp(median(values)),
      interval: [
        lower === null ? null : Math.exp(lower),
        upper === null ? null : Math.exp(upper),
      ],
      verdict,
      tail: tail === null ? null : { ...tail, verdict: tailVerdict },
    };
  });
}

type MetricVerdict = { verdict: VersionVerdict; tail: 'worse' | 'better' | 'open' };

/** Each metric is tested for worse and better, in the median and in the tail. */
const TESTS_PER_METRIC = 4;

/**
 * Decides all metrics of a comparison together, by e-Holm over every test of every metric. `same` needs no correction: to call one metric
 * the same wrongly is each metric's own risk, as a false pass is.
 * @param ratios log ratios of the pairs, by metric
 * @param tails by metric; null where they do not take part
 */
export function versionVerdicts(
  ratios: readonly (readonly number[])[],
  tails: readonly (TailShift | null)[],
  { differenceAlpha, sameAlpha, smallestRatio }: ComparisonRates,
): MetricVerdict[] {
  const tailAlpha = differenceAlpha / (TESTS_PER_METRIC * ratios.length);
  // A p-value at or under a level fixed beforehand is evidence of 1 over that level (Vovk & Wang 2021, section 2).
  const tailEvidence = (p: number | undefined) =>
    p !== undefined && p <= tailAlpha ? 1 / tailAlpha : 0;
  const evidence = ratios.flatMap((values, at) => [
    Math.exp(logShiftEvidence(values, 0, 1)),
    Math.exp(logShiftEvidence(values, 0, -1)),
    tailEvidence(tails[at]?.pWorse),
    tailEvidence(tails[at]?.pBetter),
  ]);
  // The mean over a family with one test at its level comes to the level but for rounding.
  const isEstablished = eHolm(evidence).map((value) => value >= (1 - 1e-9) / differenceAlpha);
  const margin = Math.log(smallestRatio);
  const isNear = (values: readonly number[]) =>
    [1, -1].every(
      (side) =>
        logShiftEvidence(values, side * margin, side === 1 ? -1 : 1) >= -Math.log(sameAlpha),
    );
  return ratios.map((values, at) => {
    const [worse, better, tailWorse, tailBetter] = isEstablished.slice(TESTS_PER_METRIC * at);
    const centre = median(values);
    const tail = tailWorse === true ? 'worse' : tailBetter === true ? 'better' : 'open';
    if (worse === true && centre >= margin) return { verdict: 'worse', tail };
    if (better === true && centre <= -margin) return { verdict: 'better', tail };
    return { verdict: isNear(values) ? 'same' : 'open', tail };
  });
}
