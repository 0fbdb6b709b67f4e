import { closeSync, existsSync, openSync, readSync } from 'node:fs';
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

/** Reads the lines of a text file from the beginning of one of them, with one chunk in memory at a time. */
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
