import type { RunRecord } from '../../core/record/runRecord.ts';
import { judgeRun } from '../../core/verdict/judgeRun.ts';
import type { Summary } from '../../core/verdict/runSummary.ts';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { buildSummary } from '../buildSummary.ts';
import { concludeRun, type RunCourse } from '../concludeRun.ts';

/** The course of a run that nothing disturbed. */
export const UNDISTURBED: RunCourse = {
  status: 'passed',
  otherFailures: [],
  endedBy: [],
  unreached: null,
  hasRecord: true,
  gapsFile: 'budgets/local.json',
};

/** The summary of an undisturbed run with this record. All objectives are selected by default. */
export function summaryOf(
  record: RunRecord,
  selected = record.run.objectives.map(({ id }) => id),
): Summary {
  const judged = judgeRun(record, deriveEvents, { selected });
  return buildSummary(record, judged, concludeRun(judged, UNDISTURBED), 7400);
}
