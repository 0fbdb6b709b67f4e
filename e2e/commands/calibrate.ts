import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CALIBRATION, calibrate, QUICK_SCALE } from '../calibration/calibrate.ts';
import { type CalibrationRow, formatTable, meetsGoal } from '../calibration/calibrationRow.ts';
import { runCommand } from './tools.ts';

const USAGE = `npm run calibrate [-- --write]
Simulates known truths, counts what the statistics make of them, and compares with e2e/calibration/calibration.golden.json.
  --write  accept the result as the new record
`;

/** The accepted results: of all simulations, and of the few runs that a unit test repeats. */
type CalibrationRecord = { quick: CalibrationRow[]; full: CalibrationRow[] };

const GOLDEN_FILE = new URL('../calibration/calibration.golden.json', import.meta.url);

if (import.meta.main) {
  await runCommand((args) => {
    const options = { write: { type: 'boolean' }, help: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args, options });
    if (values.help !== true) return runCalibration(values.write === true);
    process.stdout.write(USAGE);
    return 0;
  }, USAGE);
}

/** Prints each part as soon as it is done. Returns the exit status. */
function runCalibration(isAccepted: boolean): number {
  const full: CalibrationRow[] = [];
  for (const rowsOf of Object.values(CALIBRATION)) {
    const rows = rowsOf(1);
    process.stdout.write(`${formatTable(rows)}\n`);
    full.push(...rows);
  }
  if (isAccepted) {
    const record: CalibrationRecord = { quick: calibrate(QUICK_SCALE), full };
    writeFileSync(GOLDEN_FILE, `${JSON.stringify(record, null, 2)}\n`);
  }
  const found = findings(full, readCalibrationRecord().full);
  const outcome = found.length === 0 ? 'as recorded, every goal met' : found.join('\n');
  process.stdout.write(`${outcome}\n`);
  return found.length === 0 ? 0 : 1;
}

export function readCalibrationRecord(): CalibrationRecord {
  return JSON.parse(readFileSync(GOLDEN_FILE, 'utf8'));
}

/** Rows that differ between two records, and goals that are missed, each in one line. */
export function findings(
  rows: readonly CalibrationRow[],
  recorded: readonly CalibrationRow[],
): string[] {
  const missed = rows.flatMap((row) =>
    row.goals
      .filter((goal) => !meetsGoal(row, goal))
      .map((goal) => `misses its goal: ${keyOf(row)}, ${goal.figure}`),
  );
  return [...differences(rows, recorded), ...missed];
}

/** Rows that differ between two records, each in one line. Numbers are compared to 12 significant digits: engines round `Math.log` differently. */
export function differences(
  rows: readonly CalibrationRow[],
  recorded: readonly CalibrationRow[],
): string[] {
  const known = new Map(recorded.map((row) => [keyOf(row), comparable(row)]));
  const now = new Set(rows.map(keyOf));
  const differing = rows.filter((row) => known.get(keyOf(row)) !== comparable(row));
  const missing = recorded.filter((row) => !now.has(keyOf(row)));
  return [
    ...differing.map((row) => `differs from the record: ${keyOf(row)}`),
    ...missing.map((row) => `is missing: ${keyOf(row)}`),
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
