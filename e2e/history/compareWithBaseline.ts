import { z } from 'zod';
import { checkInput } from '../core/checkInput.ts';
import type { Interval } from '../core/statistics/verdict.ts';
import type { ComparisonRates, VersionVerdict } from './compareVersions.ts';
import { studentQuantile } from './studentTail.ts';

/** Runs of one metric, with one value for each run. */
type Runs = { unit: string; values: readonly number[] };

type BaselineComparison = {
  ratio: number;
  /** Confidence interval of the ratio, at 1 − `differenceAlpha`. */
  interval: Interval;
  verdict: VersionVerdict;
};

const FEWEST_BASELINE_RUNS = 5;

/**
 * Compares runs with a stored baseline by Student's t-test (1908; two samples, equal variances). It takes the logarithms of the
 * values, which for medians are about normal. The unit is the run, not the request: machine and time of day differ only between runs.
 * @param rates `differenceAlpha` is split over `metricsInRun` metrics
 * @throws HarnessError HISTORY_INVALID for fewer than five baseline runs, no candidate, different units, or an impossible value
 */
export function compareWithBaseline(
  id: string,
  { baseline, candidate }: { baseline: Runs; candidate: Runs },
  rates: ComparisonRates & { metricsInRun: number },
): BaselineComparison {
  checkInput({ baseline, candidate }, comparedRuns, ({ path, found, expected }) => ({
    code: 'HISTORY_INVALID',
    summary: `${id} cannot be compared with its baseline.`,
    path: `${id} → ${path}`,
    found,
    expected,
    remedy: 'Record the baseline or the candidate again.',
  }));
  const [before, now] = [baseline.values.map(Math.log), candidate.values.map(Math.log)];
  const difference = mean(now) - mean(before);
  const degreesOfFreedom = before.length + now.length - 2;
  const variance = (squaredDeviations(before) + squaredDeviations(now)) / degreesOfFreedom;
  const standardError = Math.sqrt(variance * (1 / before.length + 1 / now.length));
  const halfWidth = (alpha: number) => standardError * studentQuantile(alpha, degreesOfFreedom);
  const reach = halfWidth(rates.differenceAlpha / 2 / rates.metricsInRun);
  const [lower, upper] = [difference - reach, difference + reach];
  const margin = Math.log(rates.smallestRatio);
  const isSame = Math.abs(difference) + halfWidth(rates.sameAlpha) < margin;
  let verdict: VersionVerdict = isSame ? 'same' : 'open';
  if (lower > 0 && difference >= margin) verdict = 'worse';
  if (upper < 0 && difference <= -margin) verdict = 'better';
  return {
    ratio: Math.exp(difference),
    interval: [Math.exp(lower), Math.exp(upper)],
    verdict,
  };
}

function runsSchema(fewest: number) {
  return z.object({ unit: z.string(), values: z.array(z.number().positive()).min(fewest) });
}

const comparedRuns = z
  .object({ baseline: runsSchema(FEWEST_BASELINE_RUNS), candidate: runsSchema(1) })
  .refine(({ baseline, candidate }) => baseline.unit === candidate.unit, {
    path: ['baseline', 'unit'],
    error: 'the unit of the candidate',
  });

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function squaredDeviations(values: number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0);
}
