import { median } from '../median.ts';
import type { Interval } from '../verdict.ts';
import { type BlockPair, logRatios } from './blockPair.ts';
import { eHolm } from './eHolm.ts';
import { logShiftEvidence, shiftInterval } from './shiftEvidence.ts';
import { type TailShift, tailShift } from './tailShift.ts';

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
  { isLastLook }: { isLastLook: boolean },
): VersionComparison[] {
  const { differenceAlpha, sameAlpha, smallestRatio } = rates;
  const ratios = metrics.map(({ id, pairs }) => logRatios(id, pairs));
  const tails = metrics.map(({ pairs }) => (isLastLook ? tailShift(pairs) : null));
  const tailAlpha = differenceAlpha / (4 * metrics.length);
  // A p-value at or under a level fixed beforehand is evidence of 1 over that level (Vovk & Wang 2021, section 2).
  const tailEvidence = (p: number) => (p <= tailAlpha ? 1 / tailAlpha : 0);
  const evidence = metrics.flatMap((_, at) => {
    const [values, tail] = [ratios[at] as number[], tails[at]];
    return [
      Math.exp(logShiftEvidence(values, 0, 1)),
      Math.exp(logShiftEvidence(values, 0, -1)),
      tail == null ? 0 : tailEvidence(tail.pWorse),
      tail == null ? 0 : tailEvidence(tail.pBetter),
    ];
  });
  const isEstablished = eHolm(evidence).map((value) => value >= (1 - 1e-9) / differenceAlpha);
  return metrics.map(({ id, pairs }, at) => {
    const values = ratios[at] as number[];
    const [worse, better, tailWorse, tailBetter] = isEstablished.slice(4 * at, 4 * at + 4);
    const margin = Math.log(smallestRatio);
    const centre = median(values);
    const isSame =
      logShiftEvidence(values, margin, -1) >= -Math.log(sameAlpha) &&
      logShiftEvidence(values, -margin, 1) >= -Math.log(sameAlpha);
    const tail = tails[at] ?? null;
    const [lower, upper] = shiftInterval(values, differenceAlpha / 2);
    return {
      id,
      n: pairs.length,
      ratio: Math.exp(centre),
      interval: [lower === null ? null : Math.exp(lower), upper === null ? null : Math.exp(upper)],
      verdict:
        worse === true && centre >= margin
          ? 'worse'
          : better === true && centre <= -margin
            ? 'better'
            : isSame
              ? 'same'
              : 'open',
      tail: tail === null ? null : { ...tail, verdict: tailVerdict(tailWorse, tailBetter) },
    };
  });
}

function tailVerdict(worse: boolean | undefined, better: boolean | undefined) {
  if (worse === true) return 'worse';
  return better === true ? 'better' : 'open';
}
