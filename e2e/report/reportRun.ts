import type { FullResult, TestCase, TestError } from '@playwright/test/reporter';
import { z } from 'zod';
import { runLine } from '../core/record/recordLine.ts';
import { emptyRecord, type RunRecord } from '../core/record/runRecord.ts';
import { judgeRun, type RunJudgement } from '../core/verdict/judgeRun.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { isRecordOfRun, readRecordFile } from '../history/recordFile.ts';
import { deriveEventsOnce } from '../metrics/deriveEvents.ts';
import { type Figure, figuresOf } from '../metrics/figures.ts';
import { METRICS } from '../metrics/metrics.ts';
import { buildSummary } from './buildSummary.ts';
import { concludeRun, isCutShort, type RunCourse } from './concludeRun.ts';
import { type RunDurations, runDurations } from './runDurations.ts';
import { findEndings, findOtherFailures, findUnreached } from './testOutcomes.ts';

/** A run as Playwright reports it, and the state that leads to its record. */
type FinishedRun = {
  state: RunState;
  /** Objectives that the selected tests declare. */
  selected: string[];
  tests: TestCase[];
  errors: TestError[];
  result: Pick<FullResult, 'status' | 'startTime' | 'duration'>;
  /** Number of failed tests that ends the run; 0: none does. */
  maxFailures?: number;
};

type RunReport = {
  summary: Summary;
  record: RunRecord;
  figures: Figure[];
  /** Something was not measured to its end, so the run does not belong in the history. */
  isIncomplete: boolean;
  durations: RunDurations;
};

/** Judges a finished run from its record. If the record cannot be read or judged, the run is a fail, with the reason. */
export function reportRun(finished: FinishedRun): RunReport {
  const { state, selected, tests, errors, result, maxFailures = 0 } = finished;
  const unreadable: string[] = [];
  const attempt = <T>(act: () => T, otherwise: T): T => {
    try {
      return act();
    } catch (error) {
      unreadable.push(error instanceof Error ? error.message : String(error));
      return otherwise;
    }
  };
  const found = attempt(() => readOwnRecord(state), null);
  const record = found ?? emptyRecord(state.header);
  const unreached = findUnreached(tests, maxFailures);
  const endedBy = findEndings(tests);
  const judged = attempt(
    () => judgeSelected(record, { selected, unreached: unreached.objectives }),
    NOTHING_JUDGED,
  );
  const course = {
    status: result.status,
    otherFailures: [
      ...unreadable,
      ...findOtherFailures(tests, errors, findExplained(judged, record)),
    ],
    endedBy,
    unreached: unreached.reason,
    hasRecord: found !== null || unreadable.length > 0,
  };
  return {
    summary: summarizeRun(record, judged, course, result.duration),
    record,
    figures: unreadable.length > 0 ? [] : figuresOf(record),
    isIncomplete:
      unreached.reason !== null ||
      endedBy.length > 0 ||
      judged.harnessExits.length > 0 ||
      isCutShort(result.status),
    durations: runDurations(record, {
      startedAtMs: result.startTime.getTime(),
      durationMs: result.duration,
    }),
  };
}

/** Draws the conclusion of a run that was judged, and sums it up. */
export function summarizeRun(
  record: RunRecord,
  judged: RunJudgement,
  course: Omit<RunCourse, 'gapsFile'>,
  durationMs: number,
): Summary {
  const { knownGaps, target } = record.run;
  // A budget file either inherits all gaps or lists all of its own.
  const gapsFile = knownGaps[0]?.inheritedFrom ?? `budgets/${target}.json`;
  return buildSummary(record, judged, concludeRun(judged, { ...course, gapsFile }), durationMs);
}

const NOTHING_JUDGED: RunJudgement = {
  judgements: [],
  notMeasured: [],
  notSelected: [],
  gaps: [],
  violations: [],
  harnessExits: [],
  findings: [],
  verdict: 'fail',
};

/** Ids of the objectives whose failed tests the verdict explains: those not met, and those of a closed gap. */
function findExplained(
  { judgements, notMeasured, gaps, harnessExits }: RunJudgement,
  { run }: RunRecord,
): string[] {
  // The loss of the AI mock explains every test that failed after it.
  if (harnessExits.length > 0) return [...judgements, ...notMeasured].map(({ id }) => id);
  const closed = gaps.filter(({ state }) => state === 'closed');
  const inClosedGap = run.objectives.filter(({ gap }) => closed.some(({ id }) => id === gap));
  const notMet = judgements.filter(({ verdict }) => verdict !== 'pass');
  return [...notMet, ...inClosedGap].map(({ id }) => id);
}

/** Tests may declare objectives that the budget of this target does not have: these are not measured. */
export function judgeSelected(
  record: RunRecord,
  { selected, ...options }: Parameters<typeof judgeRun>[2],
): RunJudgement {
  const known = [...record.run.objectives, ...record.run.notMeasured].map(({ id }) => id);
  const judged = judgeRun(record, deriveEventsOnce, {
    ...options,
    selected: selected.filter((id) => known.includes(id)),
  });
  const reason = `the budget of ${record.run.target} sets no such objective`;
  const unset = selected.filter((id) => !known.includes(id)).map((id) => ({ id, reason }));
  return { ...judged, notMeasured: [...judged.notMeasured, ...unset] };
}

/**
 * The record of this run. Null if the file is missing or an earlier run wrote it.
 * @throws HarnessError RECORD_INVALID for a record of this run that cannot be read
 */
function readOwnRecord({ recordFile, id }: RunState): RunRecord | null {
  return isRecordOfRun(recordFile, id) ? readRecordFile(recordFile) : null;
}

/** The part of the set-up's context that the reporter needs. */
const runState = z.object({
  id: z.string(),
  /** Absolute. */
  reportDir: z.string(),
  /** Absolute. */
  recordFile: z.string(),
  /** First line of the record, known before the record exists. */
  header: runLine(METRICS),
});

export type RunState = z.infer<typeof runState>;

/** @throws ZodError if the context is invalid */
export function parseRunState(text: string): RunState {
  return runState.parse(JSON.parse(text));
}
