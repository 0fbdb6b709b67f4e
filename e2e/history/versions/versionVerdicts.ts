import { median } from '../../core/statistics/median.ts';
import type { ComparisonRates, VersionVerdict } from './compareVersions.ts';
import { eHolm } from './eHolm.ts';
import { logShiftEvidence } from './shiftEvidence.ts';
import type { TailShift } from './tailShift.ts';

export type MetricVerdict = { verdict: VersionVerdict; tail: 'worse' | 'better' | 'open' };

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
