import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { HarnessError } from '../core/harnessError.ts';
import {
  dropTornBeginning,
  formatEntry,
  type HistoryEntry,
  isTornEntry,
  parseEntry,
} from './historyEntry.ts';

/** A file with a run in each line, or a folder of such files; each run once, by its start. @throws HarnessError HISTORY_INVALID */
export function readHistory(place: string): HistoryEntry[] {
  const entries = listFiles(place).flatMap(readRuns);
  const runs = [...new Map(entries.map((entry) => [entry.id, entry])).values()];
  return runs.sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
}

/**
 * Adds a run to a history, unless it is there already: a line to a file, or a file to a folder. What is there stays as it is. Reads the
 * history first: nothing is added to a broken one.
 * @throws HarnessError HISTORY_INVALID, or WRITE_FAILED if there is no room
 */
export function addToHistory(place: string, entry: HistoryEntry): void {
  if (readHistory(place).some(({ id }) => id === entry.id)) return;
  const line = `${formatEntry(entry)}\n`;
  try {
    if (isFolder(place)) {
      mkdirSync(place, { recursive: true });
      writeWholeFile(path.join(place, `${encodeURIComponent(entry.id)}.json`), line);
    } else {
      mkdirSync(path.dirname(place), { recursive: true });
      appendLine(place, line);
    }
  } catch (error) {
    throw unusablePlace(place, error);
  }
}

/** Refuses a place that no run could be added to, before a run is measured in vain. @throws HarnessError HISTORY_INVALID */
export function refuseUnwritable(place: string): void {
  let nearest = path.resolve(place);
  while (!existsSync(nearest)) nearest = path.dirname(nearest);
  try {
    if (statSync(nearest).isDirectory()) rmdirSync(mkdtempSync(path.join(nearest, '.history-')));
    else closeSync(openSync(nearest, 'a'));
  } catch (error) {
    throw unusablePlace(place, error);
  }
}

/** A name that ends with a slash is that of a folder, even if there is none yet. */
function isFolder(place: string): boolean {
  return /[\\/]$/.test(place) || statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
}

function listFiles(place: string): string[] {
  try {
    if (!isFolder(place)) return [place];
    const names = readdirSync(place).filter((name) => /\.(json|ndjson)$/.test(name));
    return names.sort().map((name) => path.join(place, name));
  } catch (error) {
    return noneIfMissing(place, error);
  }
}

function readRuns(file: string): HistoryEntry[] {
  const { lines, torn } = readWholeLines(file);
  if (torn !== '') {
    noteOnce(
      `Note: the last line of the history ${file} is torn, since its run was ended while it wrote. It is left out.\n`,
    );
  }
  return lines.flatMap((line, at) => {
    const isLeftOut = line.trim() === '' || line.trimEnd().endsWith(TORN);
    return isLeftOut ? [] : [parseEntry(dropTornBeginning(line), file, at + 1)];
  });
}

const noted = new Set<string>();

function noteOnce(text: string): void {
  if (!noted.has(text)) process.stderr.write(text);
  noted.add(text);
}

/** Ends a torn line, which is then left out: nothing is cut off, since another run may be writing. */
const TORN = ' [torn: the run that wrote this line was ended]';

type Lines = {
  lines: string[];
  /** The last line, if it is the beginning of a run whose end is missing. */
  torn: string;
  /** Whether the last line has no line feed, as after some editors. */
  isOpen: boolean;
};

function readWholeLines(file: string): Lines {
  for (let triesLeft = RETRIES; ; triesLeft--) {
    const lines = readText(file).split('\n');
    const last = lines.at(-1) ?? '';
    if (!isTornEntry(last)) return { lines, torn: '', isOpen: last !== '' };
    if (triesLeft === 0) return { lines: lines.slice(0, -1), torn: last, isOpen: true };
    // Another run may be adding a line at the moment.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_AFTER_MS);
  }
}

const RETRIES = 5;
/** Longer than another run takes to add a line. */
const RETRY_AFTER_MS = 10;

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return noneIfMissing(file, error).join('');
  }
}

/** Appends with a single write, so that two runs that end at the same time do not mix their lines. */
function appendLine(file: string, line: string): void {
  const { torn, isOpen } = readWholeLines(file);
  const end = torn === '' ? '' : TORN;
  const bytes = new TextEncoder().encode(isOpen ? `${end}\n${line}` : line);
  const handle = openSync(file, 'a');
  try {
    // It writes less only if the disk is full, and then fails; the next run leaves out the half line.
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
  } finally {
    closeSync(handle);
  }
}

/** The file is there as a whole or not at all; an earlier one stays until then. */
export function writeWholeFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.draft`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function noneIfMissing(place: string, error: unknown): [] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw unusablePlace(place, error);
}

function unusablePlace(place: string, error: unknown): HarnessError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (FULL.includes(code)) {
    return new HarnessError({
      code: 'WRITE_FAILED',
      summary: `The run could not be added to the history ${place}.`,
      file: place,
      found: `no room (${code})`,
      expected: 'room for one more run',
      remedy: 'Free some space. The earlier runs are kept.',
    });
  }
  return new HarnessError({
    code: 'HISTORY_INVALID',
    summary: `${place} cannot be used as a history.`,
    file: place,
    found: FOUND_BY_ERROR_CODE[code] ?? (code || message),
    expected: 'a file or a folder that can be read and written, or none yet',
    remedy:
      'Set PERF_HISTORY to a file, such as perf-history.ndjson, or to a folder, such as perf-history/.',
  });
}

/** A full disk, a used-up quota, and a limit on the size of files. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

const FOUND_BY_ERROR_CODE: Record<string, string> = {
  ENOTDIR: 'a file in the place of one of its folders',
  EEXIST: 'a file in the place of one of its folders',
  EACCES: 'a file or folder that this user may not use',
  EROFS: 'a file system that cannot be written',
};
