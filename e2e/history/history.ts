import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describeIssue } from '../core/budget/describeIssue.ts';
import { HarnessError } from '../core/harnessError.ts';
import { parseJson } from '../core/parseJson.ts';
import { type HistoryEntry, historyEntry } from './historyEntry.ts';
import { linesOfFile } from './linesOfFile.ts';

/** Runs in the order in which they were added; each run once. A history that does not exist yet is empty. @throws HarnessError HISTORY_INVALID */
export function readHistory(file: string): HistoryEntry[] {
  if (!existsSync(file)) return [];
  const entries = [...linesOfFile(file)].flatMap((line, at) =>
    line === '' ? [] : [parseEntry(line, file, at + 1)],
  );
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

/**
 * Adds a run to a history, unless it is there already. What the history holds is read first: a broken one is told, not built upon.
 * @throws HarnessError HISTORY_INVALID, with the file left as it was
 */
export function addToHistory(file: string, entry: HistoryEntry): void {
  if (readHistory(file).some(({ id }) => id === entry.id)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(historyEntry.parse(entry))}\n`);
}

function parseEntry(line: string, file: string, lineNumber: number): HistoryEntry {
  const input = parseJson(line);
  const result = historyEntry.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw new Error('zod refused a history without saying why');
  const { path: place, found, expected } = describeIssue(issue, input, historyEntry);
  throw new HarnessError({
    code: 'HISTORY_INVALID',
    summary: `${file} has a line that is not a run.`,
    file,
    path: `line ${lineNumber} → ${place}`,
    found,
    expected,
    remedy: 'Take the line out, or restore the file; nothing was added to it.',
  });
}
