import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { checkInput } from '../core/checkInput.ts';
import { HarnessError, type HarnessErrorDetails } from '../core/harnessError.ts';
import { readJson } from '../core/readJson.ts';
import { intervalSchema, verdictName } from '../core/statistics/verdict.ts';
import { readLines } from './recordFile.ts';

/** One run in a history: a line of JSON, small enough to keep for years. */
const historyEntry = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string().min(1),
  startedAt: z.iso.datetime(),
  commit: z.string().nullable(),
  target: z.string(),
  verdict: verdictName,
  objectives: z.array(
    z.strictObject({
      id: z.string(),
      unit: z.string(),
      objective: z.number(),
      estimate: z.number().nullable(),
      interval: intervalSchema,
      n: z.int().nonnegative(),
      verdict: verdictName,
    }),
  ),
});

export type HistoryEntry = z.infer<typeof historyEntry>;

/** Runs in the order in which they were added, each once; none if the file does not exist. @throws HarnessError HISTORY_INVALID */
export function readHistory(file: string): HistoryEntry[] {
  for (let triesLeft = RETRIES; ; triesLeft--) {
    try {
      const entries = readLinesIfAny(file).flatMap((line, at) =>
        line.trim() === '' ? [] : [parseEntry(line, file, at + 1)],
      );
      return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
    } catch (error) {
      // Another run may be adding a line at the moment.
      if (triesLeft === 0) throw error;
      pause();
    }
  }
}

/**
 * Adds a run to a history, unless it is there already. Reads the history first: nothing is added to a broken one.
 * @throws HarnessError HISTORY_INVALID; the lines of the file are not changed
 */
export function addToHistory(file: string, entry: HistoryEntry): void {
  if (readHistory(file).some(({ id }) => id === entry.id)) return;
  const line = `${JSON.stringify(historyEntry.parse(entry))}\n`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    appendLine(file, line);
  } catch (error) {
    throw unusableFile(file, error);
  }
}

/** Appends with a single write, so that two runs that end at the same time do not mix their lines. */
function appendLine(file: string, line: string): void {
  const handle = openSync(file, 'a+');
  try {
    let isWhole = endsLine(handle);
    for (let triesLeft = RETRIES; !isWhole && triesLeft > 0; triesLeft--) {
      pause();
      isWhole = endsLine(handle);
    }
    // An editor may have removed the line feed at the end.
    const bytes = new TextEncoder().encode(isWhole ? line : `\n${line}`);
    const written = writeSync(handle, bytes);
    if (written < bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes written`);
  } finally {
    closeSync(handle);
  }
}

function endsLine(handle: number): boolean {
  const { size } = fstatSync(handle);
  const last = new Uint8Array(1);
  return size === 0 || readSync(handle, last, 0, 1, size - 1) === 0 || last[0] === 0x0a;
}

const RETRIES = 5;
const RETRY_AFTER_MS = 10;

/** Waits longer than another run takes to add a line. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_AFTER_MS);
}

function readLinesIfAny(file: string): string[] {
  try {
    return [...readLines(file)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unusableFile(file, error);
  }
}

function unusableFile(file: string, error: unknown): HarnessError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new HarnessError({
    code: 'HISTORY_INVALID',
    summary: `${file} cannot be used as a history.`,
    file,
    found: FOUND_BY_ERROR_CODE[code ?? ''] ?? code ?? message,
    expected: 'a file that can be read and written, or none yet',
    remedy: 'Set PERF_HISTORY to a file, such as perf-history.ndjson.',
  });
}

const FOUND_BY_ERROR_CODE: Record<string, string> = {
  EISDIR: 'a folder',
  ENOTDIR: 'a file in the place of one of its folders',
  EEXIST: 'a file in the place of one of its folders',
  EACCES: 'a file or folder that this user may not use',
};

const REMEDY = 'Correct or remove the line. The file was not changed.';

function parseEntry(line: string, file: string, lineNumber: number): HistoryEntry {
  const invalidLine = (place: string, found: string, expected: string): HarnessErrorDetails => ({
    code: 'HISTORY_INVALID',
    summary: `${file} has a line that is not a run.`,
    file,
    path: `line ${lineNumber}${place}`,
    found,
    expected,
    remedy: REMEDY,
  });
  // The first character of the file may be a byte order mark.
  const afterMark = line.slice(lineNumber === 1 ? 1 : 0);
  const fault = INVISIBLE_FAULTS.find(({ sign }) => sign.test(afterMark));
  if (fault !== undefined) throw new HarnessError(invalidLine('', fault.found, fault.expected));
  const input = readJson(line, { file, line: lineNumber, code: 'HISTORY_INVALID', remedy: REMEDY });
  return checkInput(input, historyEntry, ({ path: place, found, expected }) =>
    invalidLine(` → ${place}`, found, expected),
  );
}

/** Mistakes that editors do not show. A line may end with CR LF, and the file may begin with a byte order mark. */
const INVISIBLE_FAULTS = [
  {
    sign: /\uFEFF/,
    found: 'a byte order mark (U+FEFF) inside the file, as where two files were joined',
    expected: 'none but at the very beginning',
  },
  {
    sign: /\r(?!$)/,
    found: 'a carriage return (CR) inside the line, where a line feed (LF) is missing',
    expected: 'lines that end with LF or CR LF',
  },
  {
    sign: /\}\s*\{"schemaVersion"/,
    found: 'two runs on one line',
    expected: 'a line break between them',
  },
];
