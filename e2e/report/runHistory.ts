import { formatNumber } from '../core/verdict/format.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { addToHistory, type HistoryEntry, readHistory } from '../history/history.ts';

/** The latest runs that are shown for an objective. */
const MAX_RUNS = 5;

/**
 * Adds a run to the history, if there is one, and describes the earlier runs for the terminal.
 * @throws HarnessError HISTORY_INVALID, with the file left as it was
 */
export function historyReport(
  file: string | undefined,
  summary: Summary,
  { isIncomplete, verbose }: { isIncomplete: boolean; verbose: boolean },
): string {
  if (file === undefined) return '';
  // Estimates of an incomplete run could later look like a change of the target.
  if (isIncomplete) return '\nNot added to the history: the run was not measured to its end.\n';
  const lines = recordInHistory(file, summary);
  if (lines.length === 0) return '';
  return verbose
    ? `\nEarlier runs:\n${lines.map((line) => `  ${line}\n`).join('')}`
    : `\nEarlier runs: ${file} has earlier results of ${lines.length} of the objectives; PERF_VERBOSE=1 shows them.\n`;
}

/**
 * Adds a run to the history. Returns a line for each objective with the estimates of the last runs of the same target.
 * @throws HarnessError HISTORY_INVALID, with the file left as it was
 */
export function recordInHistory(file: string, summary: Summary): string[] {
  const earlier = readHistory(file).filter(
    ({ target, id }) => target === summary.run.target && id !== summary.run.id,
  );
  addToHistory(file, toEntry(summary));
  return summary.objectives.flatMap(({ id, unit, estimate }) => {
    const before = earlier
      .flatMap(({ objectives }) => objectives.filter((objective) => objective.id === id))
      .slice(-MAX_RUNS);
    if (before.length === 0) return [];
    const shown = before.map((found) => formatOrUnknown(found.estimate, unit));
    return `${id}: ${shown.join(', ')} → ${formatOrUnknown(estimate, unit)} ${unit === 'share' ? '%' : unit}`;
  });
}

function toEntry({ run, verdict, objectives }: Summary): HistoryEntry {
  const { id, startedAt, commit, target } = run;
  return {
    schemaVersion: 1,
    id,
    startedAt,
    commit,
    target,
    verdict,
    objectives: objectives.map(({ id, unit, objective, estimate, interval, n, verdict }) => {
      return { id, unit, objective, estimate, interval, n, verdict };
    }),
  };
}

function formatOrUnknown(value: number | null, unit: string): string {
  return value === null ? 'none' : formatNumber(value, unit);
}
