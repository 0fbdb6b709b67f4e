import { HarnessError } from '../core/harnessError.ts';
import type { Interval } from '../core/statistics/verdict.ts';
import type { ComparisonRates, VersionVerdict } from './compareVersions.ts';
import { studentQuantile } from './studentTail.ts';

/** Runs of one metric, with one value for each run. */
type Runs = { unit: string; values: readonly number[] };

type BaselineComparison = {
  baselineRuns: number;
  candidateRuns: number;
  ratio: number;
  /** Confidence interval of the ratio, at 1 − `differenceAlpha`. */
  interval: Interval;
  verdict: VersionVerdict;
};

const FEWEST_BASELINE_RUNS = 5;

/**
 * Compares runs with a stored baseline by Student's t-test (1908; two samples, equal variances) on the logarithms of their values,
 * which for medians are about normal. The unit is the run, not the request: machine and time of day differ only between runs.
 * @param rates `differenceAlpha` is split over `metricsInRun` metrics
 * @throws HarnessError HISTORY_INVALID for fewer than five baseline runs, no candidate, different units, or an impossible value
 */
export function compareWithBaseline(
  id: string,
  { baseline, candidate }: { baseline: Runs; candidate: Runs },
  rates: ComparisonRates & { metricsInRun: number },
): BaselineComparison {
  checkRuns(id, baseline, candidate);
  const [before, now] = [baseline.values.map(Math.log), candidate.values.map(Math.log)];
  const difference = mean(now) - mean(before);
  const degreesOfFreedom = before.length + now.length - 2;
  const variance = (squaredDeviations(before) + squaredDeviations(now)) / degreesOfFreedom;
  const standardError = Math.sqrt(variance * (1 / before.length + 1 / now.length));
  const reach = (alpha: number) => standardError * studentQuantile(alpha, degreesOfFreedom);
  const differs = reach(rates.differenceAlpha / 2 / rates.metricsInRun);
  const margin = Math.log(rates.smallestRatio);
  return {
    baselineRuns: before.length,
    candidateRuns: now.length,
    ratio: Math.exp(difference),
    interval: [Math.exp(difference - differs), Math.exp(difference + differs)],
    verdict: verdict(),
  };

  function verdict(): VersionVerdict {
    if (difference - differs > 0 && difference >= margin) return 'worse';
    if (difference + differs < 0 && difference <= -margin) return 'better';
    return Math.abs(difference) + reach(rates.sameAlpha) < margin ? 'same' : 'open';
  }
}

function checkRuns(id: string, baseline: Runs, candidate: Runs): void {
  const refuse = (path: string, found: string, expected: string, remedy: string) => {
    throw new HarnessError({
      code: 'HISTORY_INVALID',
      summary: `${id} cannot be compared with its baseline.`,
      path: `${id} → ${path}`,
      found,
      expected,
      remedy,
    });
  };
  if (baseline.values.length < FEWEST_BASELINE_RUNS) {
    const found = `${baseline.values.length} runs`;
    refuse('baseline', found, `at least ${FEWEST_BASELINE_RUNS} runs that passed`, 'Record more.');
  }
  if (candidate.values.length === 0) refuse('candidate', 'no run', 'at least one', 'Measure one.');
  if (baseline.unit !== candidate.unit) {
    refuse('baseline → unit', baseline.unit, candidate.unit, 'Record the baseline anew.');
  }
  for (const [side, { values }] of Object.entries({ baseline, candidate })) {
    const at = values.findIndex((value) => !(Number.isFinite(value) && value > 0));
    if (at < 0) continue;
    refuse(
      `${side} → run ${at + 1}`,
      String(values[at]),
      'a finite, positive figure',
      'Remove it.',
    );
  }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function squaredDeviations(values: number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0);
}
