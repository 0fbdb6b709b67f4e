import { parseArgs } from 'node:util';
import { CALIBRATION, calibrate, QUICK_SCALE } from '../calibration/calibrate.ts';
import type { CalibrationRow } from '../calibration/calibrationRow.ts';
import { formatTable } from '../calibration/formatTable.ts';
import { findings, readCalibrationRecord, writeCalibrationRecord } from './calibrationRecord.ts';

const USAGE = `npm run calibrate [-- --write]
Simulates known truths, counts what the statistics make of them, and compares with e2e/calibration/calibration.golden.json.
  --write  accept the result as the new record
`;

try {
  const options = { write: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  const { values } = parseArgs({ options });
  if (values.help === true) process.stdout.write(USAGE);
  else process.exitCode = runCalibration(values.write === true);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 1;
}

/** Prints each part as soon as it is done; gives back the exit code. */
function runCalibration(isAccepted: boolean): number {
  const full: CalibrationRow[] = [];
  for (const rowsOf of Object.values(CALIBRATION)) {
    const rows = rowsOf(1);
    process.stdout.write(`${formatTable(rows)}\n`);
    full.push(...rows);
  }
  if (isAccepted) writeCalibrationRecord({ quick: calibrate(QUICK_SCALE), full });
  const found = findings(full, readCalibrationRecord().full);
  const outcome = found.length === 0 ? 'as recorded, every goal met' : found.join('\n');
  process.stdout.write(`${outcome}\n`);
  return found.length === 0 ? 0 : 1;
}
