import type { TestCase } from '@playwright/test/reporter';
import { readRunEnvironment } from '../core/record/runEnvironment.ts';
import { formatNumber } from '../core/verdict/format.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { addToHistory, readHistory } from '../history/history.ts';
import { HISTORY_VERSION, type HistoryEntry } from '../history/historyEntry.ts';
import { describeChange, findNewChanges } from '../history/trends.ts';
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
  const { estimates, moved } = recordInHistory(file, run);
  const hidden = `Earlier runs: ${file} has earlier results of ${estimates.length} of the objectives; PERF_VERBOSE=1 shows them, npm run history the trends.`;
  return [
    ...(moved.length === 0 ? [] : [`\nMoved, as this run shows:\n${indent(moved)}`]),
    ...(estimates.length === 0
      ? []
      : [`\n${verbose ? `Earlier runs:\n${indent(estimates)}` : `${hidden}\n`}`]),
  ].join('');
}

function indent(lines: string[]): string {
  return lines.map((line) => `  ${line}\n`).join('');
}

/**
 * Adds a run to the history. Returns a line for each objective with the estimates of the last runs of the same target, and one for each
 * figure that moved, if this run is the first to show it.
 * @throws HarnessError HISTORY_INVALID, with the file left as it was
 */
export function recordInHistory(
  file: string,
  run: PastRun,
): { estimates: string[]; moved: string[] } {
  const { summary } = run;
  const earlier = readHistory(file).filter(
    ({ target, id }) => target === summary.run.target && id !== summary.run.id,
  );
  const entry = toEntry(run);
  addToHistory(file, entry);
  const estimates = summary.objectives.flatMap(({ id, unit, estimate }) => {
    const before = earlier
      .flatMap(({ objectives }) => objectives.filter((objective) => objective.id === id))
      .slice(-MAX_RUNS);
    if (before.length === 0) return [];
    const shown = before.map((found) => formatOrUnknown(found.estimate, unit));
    return `${id}: ${shown.join(', ')} → ${formatOrUnknown(estimate, unit)} ${unit === 'share' ? '%' : unit}`;
  });
  return { estimates, moved: findMoved(earlier, entry) };
}

const MAX_MOVED = 5;

function findMoved(earlier: HistoryEntry[], entry: HistoryEntry): string[] {
  const fingerprint = entry.environment?.fingerprint;
  if (fingerprint === undefined) return [];
  const comparable = earlier.filter(({ environment }) => environment?.fingerprint === fingerprint);
  // The figures alone, since this delays the end of the run.
  const runs = [...comparable, entry].map((one) => ({ ...one, objectives: [] }));
  const changes = findNewChanges(runs).map((one) => `${one.id}: ${describeChange(one)}`);
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

function formatOrUnknown(value: number | null, unit: string): string {
  return value === null ? 'none' : formatNumber(value, unit);
}
