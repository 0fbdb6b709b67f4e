import { existsSync } from 'node:fs';
import type { RunRecord } from '../core/record/runRecord.ts';
import { linesOfFile } from '../history/linesOfFile.ts';
import { readRecordFile } from '../history/readRecordFile.ts';
import type { RunState } from './runState.ts';

/**
 * The record of this run, or null where it left none: the file may still be that of an earlier run, which is nobody's business here.
 * @throws HarnessError RECORD_INVALID for a record of this run that cannot be read
 */
export function readRecordOfRun({ recordFile, id }: RunState): RunRecord | null {
  if (!existsSync(recordFile)) return null;
  const [firstLine = ''] = linesOfFile(recordFile);
  if (idOf(firstLine) !== id) return null;
  return readRecordFile(recordFile);
}

function idOf(firstLine: string): unknown {
  try {
    const line: unknown = JSON.parse(firstLine);
    return typeof line === 'object' && line !== null && 'id' in line ? line.id : undefined;
  } catch {
    return undefined;
  }
}
