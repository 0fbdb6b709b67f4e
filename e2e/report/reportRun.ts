import type { FullResult, TestCase, TestError } from '@playwright/test/reporter';
import type { Objective } from '../core/budget/objective.ts';
import { type RunDurations, runDurations } from '../core/record/runDurations.ts';
import { emptyRecord, type RunRecord } from '../core/record/runRecord.ts';
import { judgeRun, type NotMeasured, type RunJudgement } from '../core/verdict/judgeRun.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { buildSummary } from './buildSummary.ts';
import { concludeRun } from './concludeRun.ts';
import { endings, otherFailures } from './otherFailures.ts';
import { readRecordOfRun } from './readRecordOfRun.ts';
import type { RunState } from './runState.ts';
import { findUnreached } from './unreachedTests.ts';

/** What Playwright tells of a run, and where its record is. */
export type FinishedRun = {
  state: RunState;
  /** Objectives that the selected tests declare. */
  selected: string[];
  tests: TestCase[];
  errors: TestError[];
  result: Pick<FullResult, 'status' | 'startTime' | 'duration'>;
  /** After so many failed tests the run ends; 0: it goes on. */
  maxFailures?: number;
};

export type RunReport = {
  summary: Summary;
  /** Of the budget, to describe what was judged. */
  objectives: Objective[];
  /** Some of what was selected was not measured to its end: such a run is no history. */
  isCutShort: boolean;
  /** Where the time went. */
  durations: RunDurations;
};

/** Judges a finished run from its record. A record that cannot be read or judged makes it a fail, with the reason. */
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
  const found = attempt(() => readRecordOfRun(state), null);
  const record = found ?? emptyRecord(state.header);
  const unreached = findUnreached(tests, maxFailures);
  const endedBy = endings(tests);
  const judged = attempt(
    () => judgeSelected(record, selected, unreached.objectives),
    NOTHING_JUDGED,
  );
  const conclusion = concludeRun(judged, {
    status: result.status,
    otherFailures: [...unreadable, ...otherFailures(tests, errors, accountedFor(judged, record))],
    endedBy,
    unreached: unreached.reason,
    hasRecord: found !== null || unreadable.length > 0,
    target: record.run.target,
  });
  return {
    summary: buildSummary(record, judged, conclusion, result.duration),
    objectives: record.run.objectives,
    isCutShort:
      unreached.reason !== null ||
      endedBy.length > 0 ||
      judged.cuts.length > 0 ||
      result.status === 'interrupted' ||
      result.status === 'timedout',
    durations: runDurations(record, {
      startedAtMs: result.startTime.getTime(),
      durationMs: result.duration,
    }),
  };
}

const NOTHING_JUDGED: RunJudgement = {
  judgements: [],
  notMeasured: [],
  notSelected: [],
  gaps: [],
  violations: [],
  cuts: [],
  findings: [],
  verdict: 'fail',
};

/** Ids of the objectives that the verdict tells of itself when their tests fail: those not met, and those met although a gap lists them. */
function accountedFor(
  { judgements, notMeasured, gaps, cuts }: RunJudgement,
  { run }: RunRecord,
): string[] {
  // That the AI mock was lost explains the tests that failed after it.
  if (cuts.length > 0) return [...judgements, ...notMeasured].map(({ id }) => id);
  const closed = gaps.filter(({ state }) => state === 'closed').map(({ id }) => id);
  const inClosedGap = run.objectives.filter(({ gap }) => gap !== null && closed.includes(gap));
  const notMet = judgements.filter(({ verdict }) => verdict !== 'pass');
  return [...notMet, ...inClosedGap].map(({ id }) => id);
}

/** Tests may name objectives that this target's budget does not set; they skip themselves, and have nothing to be judged by. */
function judgeSelected(
  record: RunRecord,
  selected: string[],
  unreached: NotMeasured[],
): RunJudgement {
  const known = [...record.run.objectives, ...record.run.notMeasured].map(({ id }) => id);
  const judged = judgeRun(record, {
    selected: selected.filter((id) => known.includes(id)),
    unreached,
  });
  const reason = `the budget of ${record.run.target} sets no such objective`;
  const unset = selected.filter((id) => !known.includes(id)).map((id) => ({ id, reason }));
  return { ...judged, notMeasured: [...judged.notMeasured, ...unset] };
}
