import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CALIBRATION, calibrate, QUICK_SCALE } from '../core/calibration/calibrate.ts';
import { type CalibrationRow, meetsGoal } from '../core/calibration/calibrationRow.ts';
import { formatTable } from '../core/calibration/formatTable.ts';

/** What the calibration came to when it was last accepted: in full, and in the few runs that a unit test repeats. */
export type CalibrationRecord = { quick: CalibrationRow[]; full: CalibrationRow[] };

const GOLDEN_FILE = new URL('../core/calibration.golden.json', import.meta.url);

const USAGE = `npm run calibrate [-- --write]
Simulates known truths, counts what the statistics make of them, and compares with e2e/core/calibration.golden.json.
  --write  accept the result as the new record
`;

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

function main(): void {
  const { values } = parseArgs({
    options: { write: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  const full: CalibrationRow[] = [];
  for (const rowsOf of Object.values(CALIBRATION)) {
    const rows = rowsOf(1);
    process.stdout.write(`${formatTable(rows)}\n`);
    full.push(...rows);
  }
  if (values.write === true) {
    const record: CalibrationRecord = { quick: calibrate(QUICK_SCALE), full };
    writeFileSync(GOLDEN_FILE, `${JSON.stringify(record, null, 2)}\n`);
    process.stdout.write(`wrote ${fileURLToPath(GOLDEN_FILE)}\n`);
  }
  const found = findings(full, readCalibrationRecord().full);
  process.stdout.write(
    found.length === 0 ? 'as recorded, every goal met\n' : `${found.join('\n')}\n`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
}

if (import.meta.main) main();
