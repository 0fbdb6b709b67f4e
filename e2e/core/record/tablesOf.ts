import { HarnessError } from '../harnessError.ts';
import type { CompactLine } from './compactLine.ts';
import { LoadTable } from './loadTable.ts';

/**
 * The loads of a record; lines that stand twice count once.
 * @throws HarnessError RECORD_INVALID where requests are missing between those that there are: each is recorded, whatever became of it
 */
export function tablesOf(lines: readonly CompactLine[], file: string): LoadTable[] {
  const once = new Map(lines.map((line) => [`${line.scope}-${line.index[0]}`, line]));
  for (const mine of Map.groupBy(once.values(), ({ scope }) => scope).values()) {
    refuseGaps(mine, file);
  }
  const byWorkload = Map.groupBy(once.values(), ({ workload }) => workload);
  return [...byWorkload].map(([workload, mine]) => new LoadTable(workload, mine));
}

function refuseGaps(lines: readonly CompactLine[], file: string): void {
  let next = 0;
  for (const { workload, index } of lines.toSorted(
    (a, b) => (a.index[0] ?? 0) - (b.index[0] ?? 0),
  )) {
    for (const place of index) {
      if (place !== next++) throw gap(workload, next - 1, place, file);
    }
  }
}

function gap(workload: string, expected: number, found: number, file: string): HarnessError {
  return new HarnessError({
    code: 'RECORD_INVALID',
    summary: `${file} lacks requests of the load "${workload}".`,
    file,
    path: `load → ${workload} → index`,
    found: String(found),
    expected: String(expected),
    remedy: 'Run the measurement again; the record must not be edited.',
  });
}
