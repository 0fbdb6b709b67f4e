import { statfsSync } from 'node:fs';
import path from 'node:path';
import { HarnessError } from '../core/harnessError.ts';

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
