import type { Objective } from '../core/budget/objective.ts';
import type { ResolvedObjectives } from '../core/budget/resolveObjectives.ts';
import { HarnessError } from '../core/harnessError.ts';
import type { RunEnvironment } from '../core/record/runEnvironment.ts';
import { type Baseline, describeOther, isSameEnvironment } from '../history/baseline.ts';
import { baselineFileOf, readBaseline } from '../history/baselineFile.ts';
import { flakesOf } from '../history/flakes.ts';
import { readHistory, refuseUnwritable } from '../history/history.ts';
import { figureUnit } from '../metrics/figures.ts';
import { findComparedObjective } from '../metrics/regression.ts';

/** What earlier runs of a target left behind that this run is judged by. */
export type EarlierRuns = {
  /** Null: none was accepted yet. */
  baseline: Baseline | null;
  /** Null: there is no history. */
  tests: { executions: number; flakes: number } | null;
};

/**
 * Reads the stored baseline of a target, and its history if there is one.
 * @throws HarnessError BASELINE_INVALID or HISTORY_INVALID
 */
export function readEarlierRuns(target: string, history: string | undefined): EarlierRuns {
  const baseline = readBaseline(target);
  if (history === undefined) return { baseline, tests: null };
  refuseUnwritable(history);
  const { executions, flakes } = flakesOf(
    readHistory(history).filter((run) => run.target === target),
  );
  return { baseline, tests: { executions, flakes } };
}

/**
 * Adds to each objective on earlier runs what it is judged by. Verdicts rest on the record alone, and these objectives stand in it.
 * Those for which nothing is known are not measured, with the reason.
 * @throws HarnessError BASELINE_INVALID for a baseline in another unit
 */
export function addEarlierRuns(
  { objectives, notMeasured }: ResolvedObjectives,
  earlier: EarlierRuns,
  environment: RunEnvironment | null,
): ResolvedObjectives {
  const resolved: ResolvedObjectives = { objectives: [], notMeasured: [...notMeasured] };
  for (const objective of objectives) {
    const added = addToObjective(objective, objectives, earlier, environment);
    if (typeof added !== 'string') resolved.objectives.push(added);
    else resolved.notMeasured.push({ id: objective.id, reason: added });
  }
  return resolved;
}

/** The objective with what it is judged by, or why it is not measured. */
function addToObjective(
  objective: Objective,
  all: readonly Objective[],
  { baseline, tests }: EarlierRuns,
  environment: RunEnvironment | null,
): Objective | string {
  const { operation, metric } = objective;
  if (metric.earlierEvents !== undefined) {
    if (tests === null) return 'no history of earlier runs: PERF_HISTORY names none';
    if (tests.executions === 0) return `the history has no ${metric.earlierEvents} yet`;
    return { ...objective, earlierTests: tests };
  }
  if (metric.compares === undefined) return objective;
  const figure = `${operation}.${metric.compares}`;
  const compared = findComparedObjective(objective, all);
  if (compared === undefined) return `the budget sets no objective on ${figure}, which it compares`;
  if (baseline === null) return NO_BASELINE;
  if (environment === null || !isSameEnvironment(baseline.environment, environment)) {
    const how =
      environment === null
        ? 'this one is unknown'
        : describeOther(baseline.environment, environment);
    return `the baseline is of another environment (${how})`;
  }
  const accepted = baseline.figures[figure];
  if (accepted === undefined)
    return `the baseline has no ${figure}: npm run baseline:accept adds it`;
  const unit = figureUnit(compared.metric);
  if (accepted.unit !== unit) throw refuseUnit(baseline, figure, accepted.unit, unit);
  const { oldest, latest } = accepted;
  const isOne = JSON.stringify(oldest) === JSON.stringify(latest);
  const named = isOne
    ? { baseline: latest }
    : { 'latest baseline': latest, 'oldest baseline': oldest };
  const sets = Object.entries(named).map(([name, { until, values }]) => ({ name, until, values }));
  return { ...objective, baseline: { unit, sets } };
}

const NO_BASELINE = 'no baseline yet: npm run baseline:accept makes one from five passed runs';

function refuseUnit({ target }: Baseline, figure: string, found: string, unit: string) {
  const file = baselineFileOf(target);
  return new HarnessError({
    code: 'BASELINE_INVALID',
    summary: `${file} has a figure in another unit than the run.`,
    file,
    path: `figures → "${figure}" → unit`,
    found,
    expected: unit,
    remedy: `Delete ${file}, and accept a new baseline: npm run baseline:accept.`,
  });
}
