import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { parseJson } from '../core/readJson.ts';
import { parseRunRecord, type RunRecord } from '../core/record/runRecord.ts';
import { METRICS } from '../metrics/metrics.ts';

/** Reads a `measurements.ndjson` line by line, since it may exceed the maximum length of a string. @throws HarnessError RECORD_INVALID */
export function readRecordFile(file: string): RunRecord {
  return parseRunRecord(readLines(file), path.basename(file), METRICS);
}

/** Whether the file holds the record of this run. It may hold that of an earlier one, or not exist. */
export function isRecordOfRun(file: string, id: string): boolean {
  if (!existsSync(file)) return false;
  const [firstLine = ''] = readLines(file);
  return z.object({ id: z.literal(id) }).safeParse(parseJson(firstLine)).success;
}

const CHUNK_BYTES = 1 << 16;

/** Reads the lines of a part of a text file, which begins with one of them, with one chunk in memory at a time. */
export function* readLines(
  file: string,
  fromByte = 0,
  untilByte = Number.POSITIVE_INFINITY,
): Generator<string> {
  const handle = openSync(file, 'r');
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    let position = fromByte;
    for (;;) {
      const most = Math.min(CHUNK_BYTES, untilByte - position);
      const length = readSync(handle, chunk, 0, most, position);
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

const LINE_FEED = 0x0a;

/** Where the last line ends that was written whole. Searches from the end in chunks, since the file may be large. */
export function endOfWholeLines(file: string): number {
  const handle = openSync(file, 'r');
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    let endByte = fstatSync(handle).size;
    while (endByte > 0) {
      const startByte = Math.max(0, endByte - CHUNK_BYTES);
      readSync(handle, chunk, 0, endByte - startByte, startByte);
      const at = chunk.subarray(0, endByte - startByte).lastIndexOf(LINE_FEED);
      endByte = startByte + at + 1;
      if (at !== -1) break;
    }
    return endByte;
  } finally {
    closeSync(handle);
  }
}
