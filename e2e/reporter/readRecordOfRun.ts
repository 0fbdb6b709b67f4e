import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseRunRecord, type RunRecord } from '../core/record/runRecord.ts';
import type { RunState } from './runState.ts';

/**
 * The record of this run, or null where it left none: the file may still be that of an earlier run, which is nobody's business here.
 * @throws HarnessError RECORD_INVALID for a record of this run that cannot be read
 */
export function readRecordOfRun({ recordFile, id }: RunState): RunRecord | null {
  if (!existsSync(recordFile)) return null;
  const text = readFileSync(recordFile, 'utf8');
  if (idOfFirstLine(text) !== id) return null;
  return parseRunRecord(text, path.basename(recordFile));
}

function idOfFirstLine(text: string): unknown {
  const [firstLine = ''] = text.split('\n', 1);
  try {
    const line: unknown = JSON.parse(firstLine);
    return typeof line === 'object' && line !== null && 'id' in line ? line.id : undefined;
  } catch {
    return undefined;
  }
}
