import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { HarnessError } from '../core/harnessError.ts';
import { formatEntry, type HistoryEntry, parseEntry } from './historyEntry.ts';
import { readLines } from './recordFile.ts';

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
  const line = `${formatEntry(entry)}\n`;
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
