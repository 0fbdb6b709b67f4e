import { formatNumber } from '../core/verdict/formatValue.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import type { HistoryEntry } from '../history/history.ts';
import { addToHistory, readHistory } from '../history/history.ts';

/** Earlier runs to show beside this one, of those that judged an objective. */
const MOST_RUNS = 5;

/**
 * Adds a run to the history and tells, a line for each objective, what the last runs of the same target came to before it.
 * Nothing is concluded from them here.
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
      .slice(-MOST_RUNS);
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
    objectives: objectives.map((judged) => ({
      id: judged.id,
      unit: judged.unit,
      objective: judged.objective,
      estimate: judged.estimate,
      interval: judged.interval,
      n: judged.n,
      verdict: judged.verdict,
    })),
  };
}

function formatOrUnknown(value: number | null, unit: string): string {
  return value === null ? 'none' : formatNumber(value, unit);
}
