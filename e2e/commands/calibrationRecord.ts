import { readFileSync, writeFileSync } from 'node:fs';
import { type CalibrationRow, meetsGoal } from '../calibration/calibrationRow.ts';

/** What the calibration came to when it was last accepted: in full, and in the few runs that a unit test repeats. */
export type CalibrationRecord = { quick: CalibrationRow[]; full: CalibrationRow[] };

const GOLDEN_FILE = new URL('../calibration/calibration.golden.json', import.meta.url);

export function readCalibrationRecord(): CalibrationRecord {
  return JSON.parse(readFileSync(GOLDEN_FILE, 'utf8'));
}

/** Rows that differ between two records, and goals that are missed, each in one line. */
export function findings(
  rows: readonly CalibrationRow[],
  recorded: readonly CalibrationRow[],
): string[] {
  return [
    ...differences(rows, recorded),
    ...rows.flatMap((row) =>
      row.goals
        .filter((goal) => !meetsGoal(row, goal))
        .map((goal) => `misses its goal: ${keyOf(row)}, ${goal.figure}`),
    ),
  ];
}

/** Rows that differ between two records, each in one line. Numbers are compared to 12 significant digits: engines round `Math.log` differently. */
export function differences(
  rows: readonly CalibrationRow[],
  recorded: readonly CalibrationRow[],
): string[] {
  const known = new Map(recorded.map((row) => [keyOf(row), comparable(row)]));
  const now = new Set(rows.map(keyOf));
  return [
    ...rows
      .filter((row) => known.get(keyOf(row)) !== comparable(row))
      .map((row) => `differs from the record: ${keyOf(row)}`),
    ...recorded.filter((row) => !now.has(keyOf(row))).map((row) => `is missing: ${keyOf(row)}`),
  ];
}

function keyOf(row: CalibrationRow): string {
  return `${row.section}: ${row.name}`;
}

function comparable(row: CalibrationRow): string {
  return JSON.stringify(row, (_, value) =>
    typeof value === 'number' ? value.toPrecision(12) : value,
  );
}

export function writeCalibrationRecord(record: CalibrationRecord): void {
  writeFileSync(GOLDEN_FILE, `${JSON.stringify(record, null, 2)}\n`);
}
