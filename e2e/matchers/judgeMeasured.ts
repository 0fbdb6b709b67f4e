import { z } from 'zod';
import type { Objective } from '../core/budget/objective.ts';
import { SELECTED_VARIABLE } from '../core/environmentVariables.ts';
import type { RunLine } from '../core/record/recordLine.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import type { GapJudgement } from '../core/verdict/judgeGaps.ts';
import { judgeRun, type RunJudgement } from '../core/verdict/judgeRun.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';
import type { Judged } from '../report/charts/plotObjective.ts';

/** A measurement that has been carried out, and that a budget can judge. */
export type Measured = {
  readRecord(): RunRecord;
  /** Why this measurement does not serve an objective, and which one does; null if it serves it. */
  whyNotServed(objective: Objective): string | null;
  /** Repeats the step that missed an objective to find the cause, after all measuring. Null if it cannot be repeated. */
  diagnose(objective: Objective): Promise<Evidence | null>;
};

export type Evidence = {
  /** The finding in a sentence; null if nothing stood out. */
  found: string | null;
  files: EvidenceFile[];
};

/** A file for the report. The extension of `name` decides how Playwright shows it. */
export type EvidenceFile = { name: string; path: string; contentType: string };

/** Without a reporter all known objectives count, which gives the fewest false alarms. @throws ZodError for an invalid list of ids */
export function selectedObjectives(
  { objectives, notMeasured }: RunLine,
  env: Record<string, string | undefined>,
): string[] {
  const known = [...objectives, ...notMeasured].map(({ id }) => id);
  const selected = readSelected(env);
  return selected === null ? known : known.filter((id) => selected.includes(id));
}

/** The ids that the selected tests declare, known or not; null without a reporter. @throws ZodError if the variable is not a list of ids */
export function readSelected(env: Record<string, string | undefined>): string[] | null {
  const text = env[SELECTED_VARIABLE];
  return text === undefined ? null : z.array(z.string()).parse(JSON.parse(text));
}

export type ListedGap = RunLine['knownGaps'][number] & GapJudgement;

type MeasuredJudgement =
  | ({ kind: 'judged'; gap: ListedGap | null } & Judged)
  /** The target does not support it. */
  | { kind: 'notMeasured'; reason: string }
  /** Nothing was left to measure, for a reason that the run itself reports. */
  | { kind: 'excused'; reason: string }
  | { kind: 'unknown'; known: string[] };

/** Judges one objective by the record so far, as the run is judged at its end. @throws HarnessError RECORD_INVALID */
export function judgeMeasured(
  id: string,
  record: RunRecord,
  selected: string[],
): MeasuredJudgement {
  const { objectives, statistics, notMeasured } = record.run;
  const known = [...objectives, ...notMeasured].map((objective) => objective.id);
  if (!known.includes(id)) return { kind: 'unknown', known };
  const lacking = notMeasured.find((one) => one.id === id);
  if (lacking !== undefined) return { kind: 'notMeasured', reason: lacking.reason };
  const run = judgeOnce(record, [...new Set([...selected, id])]);
  const excused = run.notMeasured.find((one) => one.id === id);
  if (excused !== undefined) return { kind: 'excused', reason: excused.reason };
  const objective = objectives.find((one) => one.id === id);
  const judgement = run.judgements.find((one) => one.id === id);
  if (objective === undefined || judgement === undefined) {
    throw new Error(`${id} was neither judged nor excused`);
  }
  return {
    kind: 'judged',
    gap: findListedGap(objective.gap, record.run, run.gaps),
    objective,
    judgement,
    series: deriveEvents(objective, record),
    rates: { ...statistics, objectivesInRun: run.judgements.length },
  };
}

const judgedRuns = new WeakMap<RunRecord, Map<string, RunJudgement>>();

/** Many tests share a workload: while the record is the same, the run is judged once for all of them. */
function judgeOnce(record: RunRecord, selected: string[]): RunJudgement {
  const runs = judgedRuns.get(record) ?? new Map<string, RunJudgement>();
  judgedRuns.set(record, runs);
  const key = selected.join();
  const run = runs.get(key) ?? judgeRun(record, deriveEvents, { selected });
  runs.set(key, run);
  return run;
}

function findListedGap(
  id: string | null,
  { knownGaps }: RunLine,
  gaps: RunJudgement['gaps'],
): ListedGap | null {
  const listed = knownGaps.find((gap) => gap.id === id);
  const judged = gaps.find((gap) => gap.id === id);
  return listed === undefined || judged === undefined ? null : { ...listed, ...judged };
}
