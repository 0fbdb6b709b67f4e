import type { TestCase } from '@playwright/test/reporter';
import { readRunEnvironment } from '../core/record/runEnvironment.ts';
import { plainText, quoteForShell } from '../core/terminalText.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { isSameEnvironment } from '../history/baseline.ts';
import { addToHistory, readHistory } from '../history/history.ts';
import { HISTORY_VERSION, type HistoryEntry } from '../history/historyEntry.ts';
import { describeChange, findNewChanges, findTrends, type Trend } from '../history/trends.ts';
import type { Figure } from '../metrics/figures.ts';
import { counted } from './describeSummary.ts';
import { findExecutions } from './testOutcomes.ts';

/** What a history keeps of a run. */
type PastRun = { summary: Summary; figures: Figure[]; tests: TestCase[] };

/** What the history says of the target of a run. */
export type RunHistory = {
  /** Runs of the target in the order of their start: this one too if it was measured to its end. */
  runs: readonly HistoryEntry[];
  /** Those of them that can be compared with this one. */
  comparable: readonly HistoryEntry[];
  /** How their figures moved. */
  trends: readonly Trend[];
  /** For the terminal: which figures moved, if this run is the first to show it. */
  text: string;
};

export const NO_HISTORY: RunHistory = { runs: [], comparable: [], trends: [], text: '' };

/**
 * Adds a run to the history, if there is one, and says what the history shows.
 * @throws HarnessError HISTORY_INVALID or WRITE_FAILED, with the earlier runs left as they were
 */
export function keepHistory(
  place: string | undefined,
  run: PastRun,
  { isIncomplete }: { isIncomplete: boolean },
): RunHistory {
  if (place === undefined) return NO_HISTORY;
  const entry = toEntry(run);
  const earlier = readHistory(place).filter(
    ({ target, id }) => target === entry.target && id !== entry.id,
  );
  // Estimates of an incomplete run could later look like a change of the target.
  if (!isIncomplete) addToHistory(place, entry);
  const runs = isIncomplete ? earlier : [...earlier, entry];
  const comparable = runs.filter((one) => isSameEnvironment(one.environment, entry.environment));
  // The figures alone, since this delays the end of the run.
  const compared = comparable.map((one) => ({ ...one, objectives: [] }));
  const trends = findTrends(compared);
  const shown = { runs, comparable, trends };
  if (isIncomplete) {
    return {
      ...shown,
      text: '\nNot added to the history: the run was not measured to its end.\n',
    };
  }
  if (earlier.length === 0) return { ...shown, text: '' };
  const moved = describeNewChanges(trends, compared).map((line) => `  ${line}\n`);
  const text = [
    ...(moved.length === 0 ? [] : ['\nMoved, as this run shows:\n', ...moved]),
    `\nHistory: ${counted(earlier.length, 'earlier run')} of ${entry.target}; npm run history -- --file ${quoteForShell(place)} shows them.\n`,
  ].join('');
  return { ...shown, text };
}

const MAX_MOVED = 5;

function describeNewChanges(trends: readonly Trend[], runs: readonly HistoryEntry[]): string[] {
  const changes = findNewChanges(trends, runs).map((one) =>
    plainText(`${one.id}: ${describeChange(one)}`),
  );
  const left = changes.length - MAX_MOVED;
  return [
    ...changes.slice(0, MAX_MOVED),
    ...(left > 0 ? [`and ${left} more, which npm run history shows`] : []),
  ];
}

function toEntry({ summary, figures, tests }: PastRun): HistoryEntry {
  const { id, startedAt, commit, target, environment } = summary.run;
  return {
    schemaVersion: HISTORY_VERSION,
    ...{ id, startedAt, commit, target },
    verdict: summary.verdict,
    environment: readRunEnvironment(environment),
    objectives: summary.objectives.map((one) => {
      const { id, unit, objective, estimate, interval, n, bad, verdict } = one;
      return { id, unit, objective, estimate, interval, n, bad, verdict };
    }),
    figures,
    executions: findExecutions(tests),
  };
}
