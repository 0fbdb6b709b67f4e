import type { FullResult } from '@playwright/test/reporter';
import type { VerdictName } from '../core/statistics/verdict.ts';
import type { GapJudgement } from '../core/verdict/judgeGaps.ts';
import type { RunJudgement } from '../core/verdict/judgeRun.ts';

/** How the run went, apart from its objectives. */
export type RunCourse = Pick<FullResult, 'status'> & {
  /** Failures that no objective explains. */
  otherFailures: string[];
  /** What ended the measuring without a fault of the system under test. */
  endedBy: string[];
  /** Why some tests did not come to their end; null if all did. */
  unreached: string | null;
  hasRecord: boolean;
  /** The budget file that lists the known gaps. */
  gapsFile: string;
};

export type Conclusion = { verdict: VerdictName; reasons: string[] };

/**
 * The verdict of the run is that of its objectives, unless the course of the run is worse: another failure or a closed gap makes it a
 * fail. A run that was cut short can fail, but not pass.
 */
export function concludeRun(judged: RunJudgement, course: RunCourse): Conclusion {
  const { status, hasRecord, gapsFile } = course;
  const isInterrupted = status === 'interrupted';
  const isEmpty = judged.judgements.length === 0;
  const closedGaps = judged.gaps.filter(({ state }) => state === 'closed');
  const failures = [
    // Without objectives there was nothing to record.
    ...(hasRecord || isEmpty || isInterrupted ? [] : ['no measurement was recorded']),
    ...judged.violations,
    ...course.otherFailures,
    ...closedGaps.map(
      ({ id }) => `known gap "${id}" is closed: remove it from knownGaps in ${gapsFile}`,
    ),
  ];
  const cuts = [
    ...course.endedBy,
    ...judged.harnessExits,
    CUT_SHORT[status] ?? null,
    isInterrupted && !hasRecord ? 'nothing was measured' : null,
    course.unreached,
  ].filter((cut) => cut !== null);
  const reasons = [...failures, ...cuts];
  if (failures.length > 0 || isMissed(judged, course)) return { verdict: 'fail', reasons };
  if (isEmpty) reasons.push('no objective could be judged');
  if (isEmpty || judged.verdict === 'inconclusive' || cuts.length > 0) {
    return { verdict: 'inconclusive', reasons };
  }
  if (status === 'failed') {
    return { verdict: 'fail', reasons: ['Playwright reports that the run failed'] };
  }
  return { verdict: 'pass', reasons };
}

/** If something ended the measuring early, an objective without data was not missed. */
function isMissed(judged: RunJudgement, { endedBy, status }: RunCourse): boolean {
  const { verdict, judgements, gaps, harnessExits } = judged;
  if (endedBy.length === 0 && harnessExits.length === 0 && status !== 'interrupted')
    return verdict === 'fail';
  const admits = admittedMisses(gaps);
  return judgements.some((one) => one.verdict === 'fail' && one.n > 0 && !admits.has(one.id));
}

/** Did something stop the run before its end? */
export function isCutShort(status: RunCourse['status']): boolean {
  return CUT_SHORT[status] !== undefined;
}

const CUT_SHORT: Partial<Record<RunCourse['status'], string>> = {
  interrupted: 'the run was interrupted before its end',
  timedout: 'the run was stopped at its time limit',
};

/** The misses that open gaps admit: ids of gaps by ids of objectives. */
export function admittedMisses(gaps: GapJudgement[]): Map<string, string> {
  const open = gaps.filter(({ state }) => state === 'open');
  return new Map(open.flatMap(({ id, missed }) => missed.map((objective) => [objective, id])));
}
