import type { Measured } from '../../matchers/judgeMeasured.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';

export type { Measured } from '../../matchers/judgeMeasured.ts';

/** What was measured so far in this run, read from the record on disk; what matchers judge, with a way to find the cause of a miss. */
export function measuredFrom(
  record: RecordWriter,
  diagnose?: NonNullable<Measured['diagnose']>,
): Measured {
  return { readRecord: () => record.read(), ...(diagnose === undefined ? {} : { diagnose }) };
}
