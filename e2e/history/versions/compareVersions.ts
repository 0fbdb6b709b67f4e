import { median } from '../../core/statistics/median.ts';
import type { Interval } from '../../core/verdict/verdict.ts';
import { type BlockPair, logRatios } from './blockPair.ts';
import { shiftInterval } from './shiftEvidence.ts';
import { type TailShift, tailShift } from './tailShift.ts';
import { type MetricVerdict, versionVerdicts } from './versionVerdicts.ts';

/** What a comparison says of the candidate. `same`: no difference beyond the smallest that matters, which is established, not assumed. */
export type VersionVerdict = 'worse' | 'better' | 'same' | 'open';

/** One metric, larger values being worse, as two versions show it. */
export type ComparedMetric = { id: string; pairs: readonly BlockPair[] };

export type VersionComparison = {
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
      interval: [lower === null ? null : Math.exp(lower), upper === null ? null : Math.exp(upper)],
      verdict,
      tail: tail === null ? null : { ...tail, verdict: tailVerdict },
    };
  });
}
