import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { burstRows } from '../calibration/burstRows.ts';
import { type CalibrationRow, formatTable, meetsGoal } from '../calibration/calibrationRow.ts';
import { growthRows } from '../calibration/growthRows.ts';
import { baselineRows, historyRows } from '../calibration/historyRows.ts';
import { monotoneRows, shareRows } from '../calibration/shareRows.ts';
import { stallRows } from '../calibration/stallRows.ts';
import { tailRows, versionRows } from '../calibration/versionRows.ts';
import { runCommand } from './tools.ts';

const USAGE = `npm run calibrate [-- --write]
Simulates known truths, counts the verdicts of the statistics on them, and compares with e2e/calibration/calibration.golden.json.
  --write  accept the result as the new record
`;

/** Part of the runs that a quick check simulates. */
export const QUICK_SCALE = 0.005;

/** The parts of the calibration. Each simulates runs whose truth is known, and counts the verdicts; seeded, so it is reproducible. */
const CALIBRATION: Record<string, (scale: number) => CalibrationRow[]> = {
  share: shareRows,
  bursts: burstRows,
  monotone: monotoneRows,
  stalls: stallRows,
  versions: versionRows,
  tails: tailRows,
  growth: growthRows,
  history: historyRows,
  baseline: baselineRows,
};

/** @param scale part of the full number of runs, above 0 */
export function calibrate(scale: number): CalibrationRow[] {
  return Object.values(CALIBRATION).flatMap((rows) => rows(scale));
}

/** The accepted results of all simulations, and of the short ones that a unit test repeats. */
type CalibrationRecord = { quick: CalibrationRow[]; full: CalibrationRow[] };

const GOLDEN_FILE = new URL('../calibration/calibration.golden.json', import.meta.url);

if (import.meta.main) {
  await runCommand((args) => {
    const { values } = parseArgs({ args, options: { write: { type: 'boolean', default: false } } });
    return runCalibration(values.write);
  }, USAGE);
}

/** Prints each part as soon as it is done. Returns the exit status. */
function runCalibration(isAccepted: boolean): number {
  const full: CalibrationRow[] = [];
  for (const simulate of Object.values(CALIBRATION)) {
    const rows = simulate(1);
    process.stdout.write(`${formatTable(rows)}\n`);
    full.push(...rows);
  }
  if (isAccepted) {
    const record: CalibrationRecord = { quick: calibrate(QUICK_SCALE), full };
    writeFileSync(GOLDEN_FILE, `${JSON.stringify(record, null, 2)}\n`);
  }
  const found = findDeviations(full, readCalibrationRecord().full);
  const outcome = found.length === 0 ? 'as recorded, every goal met' : found.join('\n');
  process.stdout.write(`${outcome}\n`);
  return found.length === 0 ? 0 : 1;
}

export function readCalibrationRecord(): CalibrationRecord {
  return JSON.parse(readFileSync(GOLDEN_FILE, 'utf8'));
}

/** A line for each row that differs from the record, and for each missed goal. */
export function findDeviations(
  rows: readonly CalibrationRow[],
  recorded: readonly CalibrationRow[],
): string[] {
  const missed = rows.flatMap((row) =>
    row.goals
      .filter((goal) => !meetsGoal(row, goal))
      .map((goal) => `misses its goal: ${formatKey(row)}, ${goal.figure}`),
  );
  return [...findDifferences(rows, recorded), ...missed];
}

/** A line for each row that differs. Numbers are compared to 12 significant digits, since engines round `Math.log` differently. */
export function findDifferences(
  rows: readonly CalibrationRow[],
  recorded: readonly CalibrationRow[],
): string[] {
  const known = new Map(recorded.map((row) => [formatKey(row), normalizeRow(row)]));
  const now = new Set(rows.map(formatKey));
  const differing = rows.filter((row) => known.get(formatKey(row)) !== normalizeRow(row));
  const missing = recorded.filter((row) => !now.has(formatKey(row)));
  return [
    ...differing.map((row) => `differs from the record: ${formatKey(row)}`),
    ...missing.map((row) => `is missing: ${formatKey(row)}`),
  ];
}

function formatKey(row: CalibrationRow): string {
  return `${row.section}: ${row.name}`;
}

function normalizeRow(row: CalibrationRow): string {
  return JSON.stringify(row, (_, value) =>
    typeof value === 'number' ? value.toPrecision(12) : value,
  );
}
