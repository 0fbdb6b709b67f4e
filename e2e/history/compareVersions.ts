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

/** What a comparison says of the candidate. `same`: no difference beyond the smallest that matters, which is established, not assumed. */
export type VersionVerdict = 'worse' | 'better' | 'same' | 'open';

type TailVerdict = 'worse' | 'better' | 'open';

/** One metric of two versions; larger values are worse. */
type ComparedMetric = { id: string; pairs: readonly BlockPair[] };

type VersionComparison = {
  id: string;
  /** Pairs of blocks. */
  n: number;
  /** Candidate to baseline, the median over pairs of the ratio of block medians; 1.1: a tenth slower. */
  ratio: number;
  /** Of the ratio, at 1 − `differenceAlpha`; valid at every look. */
  interval: Interval;
  verdict: VersionVerdict;
  /** Null before the last look. */
  tail: (TailShift & { verdict: TailVerdict }) | null;
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

/** Pairs of blocks after which a comparison ends, even if it is still open. */
export const MAX_PAIRS = 200;

/**
 * Compares two versions over all their metrics. May be called after each pair: the evidence on medians is valid at every look. Tails take
 * part in the last look alone, and at a share of the level that covers all metrics in both directions.
 * @throws HarnessError RECORD_INVALID naming metric and pair, RangeError without a pair
 */
export function compareVersions(
  metrics: readonly ComparedMetric[],
  rates: ComparisonRates,
  { isLastLook }: { isLastLook: boolean },
): VersionComparison[] {
  const compared = metrics.map(({ id, pairs }) => ({
    ratios: logRatios(id, pairs),
    tail: isLastLook ? tailShift(pairs) : null,
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

/** Each metric is tested for worse and better, in the median and in the tail. */
const TESTS_PER_METRIC = 4;

/**
 * Decides all metrics of a comparison together, by e-Holm over every test of every metric. `same` needs no correction: to call one metric
 * the same wrongly is each metric's own risk, as a false pass is.
 * @param metrics log ratios of the pairs; `tail` is null where tails do not take part
 */
export function versionVerdicts(
  metrics: readonly { ratios: readonly number[]; tail: TailShift | null }[],
  { differenceAlpha, sameAlpha, smallestRatio }: ComparisonRates,
): { verdict: VersionVerdict; tail: TailVerdict }[] {
  const tailAlpha = differenceAlpha / (TESTS_PER_METRIC * metrics.length);
  // A p-value at or under a level fixed beforehand is evidence of 1 over that level (Vovk & Wang 2021, section 2).
  const tailEvidence = (p: number | undefined) =>
    p !== undefined && p <= tailAlpha ? 1 / tailAlpha : 0;
  const evidence = metrics.flatMap(({ ratios, tail }) => [
    Math.exp(logShiftEvidence(ratios, 0, 1)),
    Math.exp(logShiftEvidence(ratios, 0, -1)),
    tailEvidence(tail?.pWorse),
    tailEvidence(tail?.pBetter),
  ]);
  // The mean over a family with one test at its level is the level but for rounding.
  const isEstablished = eHolm(evidence).map((value) => value >= (1 - 1e-9) / differenceAlpha);
  const margin = Math.log(smallestRatio);
  const needed = -Math.log(sameAlpha);
  return metrics.map(({ ratios }, at) => {
    const [worse, better, tailWorse, tailBetter] = isEstablished.slice(TESTS_PER_METRIC * at);
    const centre = median(ratios);
    const tail = tailWorse === true ? 'worse' : tailBetter === true ? 'better' : 'open';
    if (worse === true && centre >= margin) return { verdict: 'worse', tail };
    if (better === true && centre <= -margin) return { verdict: 'better', tail };
    const isSame =
      logShiftEvidence(ratios, margin, -1) >= needed &&
      logShiftEvidence(ratios, -margin, 1) >= needed;
    return { verdict: isSame ? 'same' : 'open', tail };
  });
}
