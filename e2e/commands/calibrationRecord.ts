import { readFileSync, writeFileSync } from 'node:fs';
import { type CalibrationRow, meetsGoal } from '../calibration/calibrationRow.ts';

/** What the calibration came to when it was last accepted: in full, and in the few runs that a unit test repeats. */
export type CalibrationRecord = { quick: CalibrationRow[]; full: CalibrationRow[] };

const GOLDEN_FILE = new URL('../calibration/calibration.golden.json', import.meta.url);

export function readCalibrationRecord(): CalibrationRecord {
  return JSON.parse(readFileSync(GOLDEN_FILE, 'utf8'));
}

/** Rows that differ between two records, and goals that are missed, each in one line. */
export function findings(rows: readonly CalibrationRow[], recorded: readonly CalibrationRow[]) {
  const keyOf = (row: CalibrationRow) => `${row.section}: ${row.name}`;
  const known = new Map(recorded.map((row) => [keyOf(row), JSON.stringify(row)]));
  const now = new Set(rows.map(keyOf));
  return [
    ...rows
      .filter((row) => known.get(keyOf(row)) !== JSON.stringify(row))
      .map((row) => `differs from the record: ${keyOf(row)}`),
    ...recorded.filter((row) => !now.has(keyOf(row))).map((row) => `is missing: ${keyOf(row)}`),
    ...rows.flatMap((row) =>
      row.goals
        .filter((goal) => !meetsGoal(row, goal))
        .map((goal) => `misses its goal: ${keyOf(row)}, ${goal.figure}`),
    ),
  ];
}

export function writeCalibrationRecord(record: CalibrationRecord): void {
  writeFileSync(GOLDEN_FILE, `${JSON.stringify(record, null, 2)}\n`);
}
