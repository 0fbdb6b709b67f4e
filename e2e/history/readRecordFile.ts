import path from 'node:path';
import { parseRunRecord, type RunRecord } from '../core/record/runRecord.ts';
import { linesOfFile } from './linesOfFile.ts';

/** The record of a run in a `measurements.ndjson`, which may be larger than any string can be. @throws HarnessError RECORD_INVALID */
export function readRecordFile(file: string): RunRecord {
  return parseRunRecord(linesOfFile(file), path.basename(file));
}
