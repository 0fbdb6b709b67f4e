import type { RunEnvironment } from '../core/record/runEnvironment.ts';
import { type ErrorBudget, errorBudgetOf } from './errorBudget.ts';
import { type Flakes, flakesOf } from './flakes.ts';
import type { HistoryEntry } from './historyEntry.ts';
import { findTrends, type Trend } from './trends.ts';

/** What a history says of each target; `npm run history -- --json` prints it. A change that breaks programs raises `schemaVersion`. */
export type HistoryAnalysis = { schemaVersion: 1; targets: TargetAnalysis[] };

export type TargetAnalysis = {
  target: string;
  runs: number;
  /** Start of the first and of the last run. */
  from: string;
  to: string;
  /** Figures of different environments are not compared. The one of the last run comes first. */
  environments: EnvironmentAnalysis[];
  flakes: Flakes;
  /** Null: no run judged the availability. */
  availability: ErrorBudget | null;
};

export type EnvironmentAnalysis = {
  /** Null: runs whose environment is unknown, which have no trends. */
  environment: RunEnvironment | null;
  runs: number;
  trends: Trend[];
};

/** @param entries in the order of their start */
export function analyseHistory(entries: readonly HistoryEntry[]): HistoryAnalysis {
  const targets = Map.groupBy(entries, ({ target }) => target);
  return { schemaVersion: 1, targets: [...targets.values()].map(analyseTarget) };
}

function analyseTarget(runs: readonly HistoryEntry[]): TargetAnalysis {
  const [first, last] = [runs[0] as HistoryEntry, runs.at(-1) as HistoryEntry];
  // The latest comes first.
  const environments = Map.groupBy(
    runs.toReversed(),
    ({ environment }) => environment?.fingerprint,
  );
  return {
    target: first.target,
    runs: runs.length,
    from: first.startedAt,
    to: last.startedAt,
    environments: [...environments.values()].map((some) => analyseEnvironment(some.toReversed())),
    flakes: flakesOf(runs),
    availability: errorBudgetOf(runs),
  };
}

function analyseEnvironment(runs: readonly HistoryEntry[]): EnvironmentAnalysis {
  const environment = runs.at(-1)?.environment ?? null;
  const trends = environment === null ? [] : findTrends(runs);
  return { environment, runs: runs.length, trends };
}
