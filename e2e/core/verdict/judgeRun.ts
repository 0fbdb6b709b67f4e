import type { Objective } from '../budget/objective.ts';
import { HarnessError } from '../harnessError.ts';
import type { EventSeries } from '../record/event.ts';
import type { RunRecord } from '../record/runRecord.ts';
import type { VerdictName } from '../statistics/verdict.ts';
import {
  downgradeFailIfHarnessInterfered,
  harnessAllowance,
  invalidateMisofferedLoad,
} from './harnessInterference.ts';
import { judge } from './judge.ts';
import { type GapJudgement, judgeGaps } from './judgeGaps.ts';
import { type Judgement, withholdVerdict } from './judgement.ts';
import { showFirstObjection } from './reasons.ts';
import {
  describeForeignAnswers,
  describeHarnessExits,
  describeOtherIds,
  describeTargetExits,
  describeUnansweredTargets,
  dropWorkloadsAfterMockExit,
} from './violations.ts';

export type NotMeasured = { id: string; reason: string };

export type RunJudgement = {
  judgements: Judgement[];
  notMeasured: NotMeasured[];
  notSelected: string[];
  gaps: GapJudgement[];
  /** What fails a run although no objective judges it. */
  violations: string[];
  /** Processes of the harness that ended during the run. It cannot pass then, and objectives without data are not measured. */
  harnessExits: string[];
  /** Observations about the target that decide no verdict. */
  findings: string[];
  verdict: VerdictName;
};

/**
 * Judges a run from its record alone: each selected objective, and from these the run. A fail that the harness may have caused is
 * inconclusive, and so is a verdict under a load that was not offered as scheduled.
 * @param deriveEvents turns the record into the events of an objective
 * @param selected ids of the objectives whose specs took part in the run
 * @param unreached objectives whose tests did not end, with the reason; without an event they are not measured instead of missed
 * @param partial workloads of which a part was not offered, with the reason: under less than its load a target that misses fails, and none passes
 * @throws HarnessError RECORD_INVALID for an unknown id, or for events that contradict their objective
 */
export function judgeRun(
  wholeRecord: RunRecord,
  deriveEvents: (objective: Objective, record: RunRecord) => EventSeries,
  {
    selected,
    unreached = [],
    partial = new Map(),
  }: {
    selected: string[];
    unreached?: NotMeasured[];
    partial?: ReadonlyMap<string | null, string>;
  },
): RunJudgement {
  const record = dropWorkloadsAfterMockExit(wholeRecord);
  const { objectives, statistics } = record.run;
  const notMeasured = [...record.run.notMeasured];
  checkSelected(selected, record);
  const notSelected: string[] = [];
  const judged: Objective[] = [];
  for (const objective of objectives) {
    if (!selected.includes(objective.id)) {
      notSelected.push(objective.id);
    } else if (objective.metric.needsModelCalls && modelCallsCannotBeMatched(objective, record)) {
      const reason = 'calls of the model could not be matched to the requests that caused them';
      notMeasured.push({ id: objective.id, reason });
    } else {
      judged.push(objective);
    }
  }
  const rates = { ...statistics, objectivesInRun: Math.max(1, judged.length) };
  const results = judged.map((objective): Judged => {
    const series = deriveEvents(objective, record);
    const allowance = harnessAllowance(objective, record);
    let judgement = judge(objective, series, rates);
    judgement = downgradeFailIfHarnessInterfered(judgement, objective, series, rates, allowance);
    judgement = invalidateMisofferedLoad(judgement, objective, record);
    judgement = showFirstObjection(judgement, objective, series, record);
    const lack = partial.get(objective.workload);
    if (lack !== undefined && judgement.verdict === 'pass') {
      judgement = withholdVerdict(judgement, `${lack}; as it was offered, ${judgement.reason}`);
    }
    return { objective, judgement, missing: series.missing };
  });
  const { judgements: independent, excused } = excludeDependentObjectives(results);
  const harnessExits = describeHarnessExits(record);
  const interrupted = independent.flatMap(({ id, n }) => {
    const reason = unreached.find((one) => one.id === id)?.reason ?? harnessExits[0];
    return n > 0 || reason === undefined ? [] : [{ id, reason }];
  });
  notMeasured.push(...excused, ...interrupted);
  const judgements = independent.filter(({ id }) => !interrupted.some((one) => one.id === id));
  const gaps = judgeGaps(record.run, judgements);
  const violations = [
    ...describeForeignAnswers(judged, record),
    ...describeUnansweredTargets(record),
    ...describeTargetExits(record),
  ];
  const otherIds = describeOtherIds(record);
  const verdict = violations.length > 0 ? 'fail' : decideRunVerdict(judged, judgements, gaps);
  const findings = otherIds === null ? [] : [otherIds];
  return {
    judgements,
    notMeasured,
    notSelected,
    gaps,
    violations,
    harnessExits,
    findings,
    verdict,
  };
}

/** A miss that no open gap excuses fails the run, and so does a closed gap. Without any judgement it is inconclusive. */
function decideRunVerdict(
  objectives: Objective[],
  judgements: Judgement[],
  gaps: GapJudgement[],
): VerdictName {
  const tolerant = objectives.flatMap(({ id, onInconclusive }) =>
    onInconclusive === 'report' ? [id] : [],
  );
  const admitted = gaps.filter(({ state }) => state === 'open').flatMap(({ missed }) => missed);
  const counting = judgements.filter(({ id }) => !admitted.includes(id));
  if (counting.some(({ verdict }) => verdict === 'fail')) return 'fail';
  if (gaps.some(({ state }) => state === 'closed')) return 'fail';
  const isOpen = counting.some(
    ({ id, verdict }) => verdict === 'inconclusive' && !tolerant.includes(id),
  );
  return isOpen || judgements.length === 0 ? 'inconclusive' : 'pass';
}

/** Whether every workload that offered the operation found that they cannot be matched. If that is unknown, the data are missing. */
function modelCallsCannotBeMatched(
  { operation, spans }: Objective,
  { workloads }: RunRecord,
): boolean {
  const offering = workloads.filter(({ planned }) => spans || planned[operation] !== undefined);
  const last = new Map(offering.map((line) => [line.scope, line.modelCallsMatched]));
  return last.size > 0 && [...last.values()].every((matched) => matched === false);
}

function checkSelected(selected: string[], { run }: RunRecord): void {
  const known = [...run.objectives, ...run.notMeasured].map(({ id }) => id);
  const unknown = selected.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  throw new HarnessError({
    code: 'RECORD_INVALID',
    summary: `The objective ${unknown} was selected, but the record does not know it.`,
    path: 'run → objectives',
    found: unknown,
    expected: known.join(', '),
    remedy: 'Add it to the budget of the target, or correct the id in the spec.',
  });
}

/** `missing`: requests for which the record lacks what the metric takes. */
export type Judged = { objective: Objective; judgement: Judgement; missing: number };

/**
 * Excludes judgements without data whose metric presupposes another one that is missed: without retries there are no waits between
 * retries. The other one must have bad events, and no data may be missing; otherwise no data stays a fail.
 */
export function excludeDependentObjectives(judged: Judged[]): {
  judgements: Judgement[];
  excused: NotMeasured[];
} {
  const excused = judged.flatMap(({ objective, judgement: { id, n, setAside }, missing }) => {
    if (n + setAside + missing > 0) return [];
    const { operation, metric } = objective;
    const cause = judged.find(
      (other) =>
        other.objective.operation === operation &&
        other.objective.metric.name === metric.presupposes,
    )?.judgement;
    if (cause === undefined || cause.verdict === 'pass' || cause.bad === 0) return [];
    return [{ id, reason: `there was nothing to measure, since ${cause.id} is not met` }];
  });
  const ids = excused.map(({ id }) => id);
  const judgements = judged.map(({ judgement }) => judgement);
  return { judgements: judgements.filter(({ id }) => !ids.includes(id)), excused };
}
