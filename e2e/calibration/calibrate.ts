import { burstRows } from './burstRows.ts';
import type { CalibrationRow } from './calibrationRow.ts';
import { growthRows } from './growthRows.ts';
import { baselineRows, historyRows } from './historyRows.ts';
import { monotoneRows } from './monotoneRows.ts';
import { shareRows } from './shareRows.ts';
import { stallRows } from './stallRows.ts';
import { tailRows, versionRows } from './versionRows.ts';

/** Part of the runs that a quick check simulates. */
export const QUICK_SCALE = 0.005;

/** The parts of the calibration. Each simulates runs whose truth is known, and counts the verdicts; seeded, so it is reproducible. */
export const CALIBRATION: Record<string, (scale: number) => CalibrationRow[]> = {
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
