import type { TestCase } from '@playwright/test/reporter';
import { readRunEnvironment } from '../core/record/runEnvironment.ts';
import { formatNumber } from '../core/verdict/format.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { addToHistory, readHistory } from '../history/history.ts';
import { HISTORY_VERSION, type HistoryEntry } from '../history/historyEntry.ts';
import type { Figure } from '../metrics/figures.ts';
import { findExecutions } from './testOutcomes.ts';

/** What a history keeps of a run. */
type PastRun = { summary: Summary; figures: Figure[]; tests: TestCase[] };

/** The latest runs that are shown for an objective. */
const MAX_RUNS = 5;

/**
 * Adds a run to the history, if there is one, and describes the earlier runs for the terminal.
 * @throws HarnessError HISTORY_INVALID, with the file left as it was
 */
export function historyReport(
  file: string | undefined,
  run: PastRun,
  { isIncomplete, verbose }: { isIncomplete: boolean; verbose: boolean },
): string {
  if (file === undefined) return '';
  // Estimates of an incomplete run could later look like a change of the target.
  if (isIncomplete) return '\nNot added to the history: the run was not measured to its end.\n';
  const lines = recordInHistory(file, run);
  if (lines.length === 0) return '';
  return verbose
    ? `\nEarlier runs:\n${lines.map((line) => `  ${line}\n`).join('')}`
    : `\nEarlier runs: ${file} has earlier results of ${lines.length} of the objectives; PERF_VERBOSE=1 shows them.\n`;
}

/**
 * Adds a run to the history. Returns a line for each objective with the estimates of the last runs of the same target.
 * @throws HarnessError HISTORY_INVALID, with the file left as it was
 */
export function recordInHistory(file: string, run: PastRun): string[] {
  const { summary } = run;
  const earlier = readHistory(file).filter(
    ({ target, id }) => target === summary.run.target && id !== summary.run.id,
  );
  addToHistory(file, toEntry(run));
  return summary.objectives.flatMap(({ id, unit, estimate }) => {
    const before = earlier
      .flatMap(({ objectives }) => objectives.filter((objective) => objective.id === id))
      .slice(-MAX_RUNS);
    if (before.length === 0) return [];
    const shown = before.map((found) => formatOrUnknown(found.estimate, unit));
    return `${id}: ${shown.join(', ')} → ${formatOrUnknown(estimate, unit)} ${unit === 'share' ? '%' : unit}`;
  });
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

function formatOrUnknown(value: number | null, unit: string): string {
  return value === null ? 'none' : formatNumber(value, unit);
}
