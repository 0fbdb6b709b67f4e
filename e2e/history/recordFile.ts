import { closeSync, existsSync, openSync, readSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { HarnessError } from '../core/harnessError.ts';
import { parseJson } from '../core/readJson.ts';
import { parseRunRecord, type RunRecord } from '../core/record/runRecord.ts';
import { METRICS } from '../metrics/metrics.ts';

/** Reads a `measurements.ndjson` line by line, since it may exceed the maximum length of a string. @throws HarnessError RECORD_INVALID */
export function readRecordFile(file: string): RunRecord {
  return parseRunRecord(readLines(file), path.basename(file), METRICS);
}

/** Does the file hold the record of this run? It may hold that of an earlier one, or not exist. */
export function isRecordOfRun(file: string, id: string): boolean {
  if (!existsSync(file)) return false;
  const [firstLine = ''] = readLines(file);
  return z.object({ id: z.literal(id) }).safeParse(parseJson(firstLine)).success;
}

const CHUNK_BYTES = 1 << 16;

/**
 * Reads the lines of a text file, with one chunk in memory at a time.
 * @param fromByte the beginning of a line
 */
export function* readLines(file: string, fromByte = 0): Generator<string> {
  const handle = openSync(file, 'r');
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    let position = fromByte;
    for (;;) {
      const length = readSync(handle, chunk, 0, CHUNK_BYTES, position);
      position += length;
      const text = length === 0 ? decoder.end() : decoder.write(chunk.subarray(0, length));
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (length === 0) break;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(handle);
  }
}

/** The error if a file of a run cannot be written; most often the disk is full. */
export function writeFailure(file: string, error: unknown): HarnessError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new HarnessError({
    code: 'WRITE_FAILED',
    summary: `${path.basename(file)} could not be written.`,
    file,
    found: `${code ?? message}; ${freeSpace(path.dirname(file))}`,
    expected:
      'room for the record and the report of a run: some 50 MiB, and 60 bytes a request of a load',
    remedy:
      'Free some space, or set PERF_REPORT_DIR to a folder on another disk. What was recorded before is kept.',
  });
}

const MIB = 1024 * 1024;

function freeSpace(folder: string): string {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return `${Math.floor((bavail * bsize) / MIB)} MiB are free on its disk`;
  } catch {
    return 'how much is free on its disk is unknown';
  }
}
