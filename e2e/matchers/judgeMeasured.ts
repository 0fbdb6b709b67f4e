import type { Judged } from '../charts/plotObjective.ts';
import { deriveEvents } from '../core/record/deriveEvents.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';

/** What a matcher was given to judge, or why it could not. */
export type MeasuredJudgement =
  | ({ kind: 'judged' } & Judged)
  | { kind: 'notMeasured'; reason: string }
  | { kind: 'unknown'; known: string[] };

/**
 * Judges one objective by what was recorded so far, exactly as the run is judged at its end.
 * @param selected ids of all objectives that the run judges
 * @throws HarnessError RECORD_INVALID for events that no verdict may rest on
 */
export function judgeMeasured(
  id: string,
  record: RunRecord,
  selected: string[],
): MeasuredJudgement {
  const { objectives, statistics, notMeasured } = record.run;
  const known = [...objectives, ...notMeasured].map((objective) => objective.id);
  if (!known.includes(id)) return { kind: 'unknown', known };
  const run = judgeRun(record, { selected: [...new Set([...selected, id])] });
  const excused = run.notMeasured.find((one) => one.id === id);
  if (excused !== undefined) return { kind: 'notMeasured', reason: excused.reason };
  const objective = objectives.find((one) => one.id === id);
  const judgement = run.judgements.find((one) => one.id === id);
  if (objective === undefined || judgement === undefined) {
    throw new Error(`${id} was neither judged nor excused`);
  }
  return {
    kind: 'judged',
    objective,
    judgement,
    series: deriveEvents(objective, record),
    rates: { ...statistics, objectivesInRun: run.judgements.length },
  };
}
