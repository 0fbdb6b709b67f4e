import type { TestCase } from '@playwright/test/reporter';
import { readRunEnvironment } from '../core/record/runEnvironment.ts';
import { plainText, quoteForShell } from '../core/terminalText.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { addToHistory, readHistory } from '../history/history.ts';
import { HISTORY_VERSION, type HistoryEntry } from '../history/historyEntry.ts';
import { describeChange, findNewChanges } from '../history/trends.ts';
import type { Figure } from '../metrics/figures.ts';
import { counted } from './describeSummary.ts';
import { findExecutions } from './testOutcomes.ts';

/** What a history keeps of a run. */
type PastRun = { summary: Summary; figures: Figure[]; tests: TestCase[] };

/**
 * Adds a run to the history, if there is one. Tells which figures moved, if this run is the first to show it.
 * @throws HarnessError HISTORY_INVALID or WRITE_FAILED, with the earlier runs left as they were
 */
export function historyReport(
  place: string | undefined,
  run: PastRun,
  { isIncomplete }: { isIncomplete: boolean },
): string {
  if (place === undefined) return '';
  // Estimates of an incomplete run could later look like a change of the target.
  if (isIncomplete) return '\nNot added to the history: the run was not measured to its end.\n';
  const entry = toEntry(run);
  const earlier = readHistory(place).filter(
    ({ target, id }) => target === entry.target && id !== entry.id,
  );
  addToHistory(place, entry);
  if (earlier.length === 0) return '';
  const moved = findMoved(earlier, entry).map((line) => `  ${line}\n`);
  return [
    ...(moved.length === 0 ? [] : ['\nMoved, as this run shows:\n', ...moved]),
    `\nHistory: ${counted(earlier.length, 'earlier run')} of ${entry.target}; npm run history -- --file ${quoteForShell(place)} shows them.\n`,
  ].join('');
}

const MAX_MOVED = 5;

function findMoved(earlier: HistoryEntry[], entry: HistoryEntry): string[] {
  const fingerprint = entry.environment?.fingerprint;
  if (fingerprint === undefined) return [];
  const comparable = earlier.filter(({ environment }) => environment?.fingerprint === fingerprint);
  // The figures alone, since this delays the end of the run.
  const runs = [...comparable, entry].map((one) => ({ ...one, objectives: [] }));
  const changes = findNewChanges(runs).map((one) => plainText(`${one.id}: ${describeChange(one)}`));
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
