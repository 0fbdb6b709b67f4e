import { firstWhole } from './search.ts';
import { studentQuantile } from './studentTail.ts';
import type { TestLevels, VerdictName } from './verdict.ts';

/** The levels, and the greatest ratio to the baseline that meets the objective; 1.1: 10 % more. */
export type RegressionPlan = TestLevels & { mostRatio: number };

type BaselineComparison = {
  /** Geometric mean of the baseline's runs. */
  centre: number;
  /** The run to that mean. */
  ratio: number;
  /** Its ends have the levels of a fail and of a pass. */
  interval: [lower: number, upper: number];
  verdict: VerdictName;
  /** Runs of a baseline that would make the verdict clear, if they scatter like these; null: it is clear, or no number would. */
  runsNeeded: number | null;
};

export const FEWEST_BASELINE_RUNS = 5;

/** A larger baseline is not foreseen. */
const MAX_RUNS_NEEDED = 100;

/**
 * Compares a run with a stored baseline by Student's t-test (1908; two samples of equal variance, one of a single value). It takes the
 * logarithms of the values, which for medians are about normal. The unit is the run, not the request: machine and time of day differ
 * only between runs. It passes if the ratio is shown to be below the greatest allowed one, and fails if it is shown to be above.
 * @param baseline one value for each run
 * @throws RangeError for fewer than five runs, or a value that is not finite and positive
 */
export function compareWithBaseline(
  baseline: readonly number[],
  run: number,
  plan: RegressionPlan,
): BaselineComparison {
  if (baseline.length < FEWEST_BASELINE_RUNS) {
    throw new RangeError(`a baseline has ${FEWEST_BASELINE_RUNS} runs, not ${baseline.length}`);
  }
  const wrong = [...baseline, run].find((value) => !(Number.isFinite(value) && value > 0));
  if (wrong !== undefined) throw new RangeError(`runs have positive values, not ${wrong}`);
  const logs = baseline.map(Math.log);
  const centre = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const squares = logs.reduce((sum, log) => sum + (log - centre) ** 2, 0);
  const difference = Math.log(run) - centre;
  const deviation = Math.sqrt(squares / (logs.length - 1));
  const { interval, verdict } = judgeDifference(difference, deviation, logs.length, plan);
  const isClear = (runs: number) =>
    judgeDifference(difference, deviation, runs, plan).verdict !== 'inconclusive';
  return {
    centre: Math.exp(centre),
    ratio: Math.exp(difference),
    interval,
    verdict,
    runsNeeded:
      verdict === 'inconclusive' ? firstWhole(logs.length + 1, isClear, MAX_RUNS_NEEDED) : null,
  };
}

/**
 * Compares a run with several baselines. It fails if one of them says so, for which each has a part of the error rate, and passes if all
 * do. @throws RangeError as above
 */
export function compareWithBaselines(
  baselines: readonly (readonly number[])[],
  run: number,
  plan: RegressionPlan,
): { comparisons: BaselineComparison[]; verdict: VerdictName } {
  const failAlpha = plan.failAlpha / baselines.length;
  const comparisons = baselines.map((runs) =>
    compareWithBaseline(runs, run, { ...plan, failAlpha }),
  );
  const isAny = (wanted: VerdictName) => comparisons.some(({ verdict }) => verdict === wanted);
  const verdict = isAny('fail') ? 'fail' : isAny('inconclusive') ? 'inconclusive' : 'pass';
  return { comparisons, verdict };
}

/** @param deviation standard deviation of the logarithms of the baseline's runs */
function judgeDifference(
  difference: number,
  deviation: number,
  runs: number,
  { mostRatio, passAlpha, failAlpha }: RegressionPlan,
): Pick<BaselineComparison, 'interval' | 'verdict'> {
  const standardError = deviation * Math.sqrt(1 + 1 / runs);
  const lower = Math.exp(difference - standardError * studentQuantile(failAlpha, runs - 1));
  const upper = Math.exp(difference + standardError * studentQuantile(passAlpha, runs - 1));
  const verdict = lower > mostRatio ? 'fail' : upper < mostRatio ? 'pass' : 'inconclusive';
  return { interval: [lower, upper], verdict };
}
