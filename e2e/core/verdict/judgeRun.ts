import type { Objective } from '../budget/objective.ts';
import { HarnessError } from '../harnessError.ts';
import { deriveEvents } from '../record/deriveEvents.ts';
import type { RunRecord } from '../record/runRecord.ts';
import type { VerdictName } from '../statistics/verdict.ts';
import {
  downgradeFailIfHarnessInterfered,
  harnessAllowance,
  invalidateMisofferedLoad,
} from './harnessInterference.ts';
import { judge } from './judge.ts';
import { type GapJudgement, judgeGaps } from './judgeGaps.ts';
import type { Judgement } from './judgement.ts';
import { showFirstObjection } from './reasons.ts';
import {
  beforeMockWasLost,
  describeOtherIds,
  foreignAnswers,
  harnessExits,
  targetExits,
  unansweredTargets,
} from './violations.ts';

export type NotMeasured = { id: string; reason: string };

export type RunJudgement = {
  judgements: Judgement[];
  notMeasured: NotMeasured[];
  /** Ids of the objectives that were left out of the run. */
  notSelected: string[];
  /** The gaps that the budget admits, and what became of them. */
  gaps: GapJudgement[];
  /** What no run may meet and none of its objectives judges: each fails it. */
  violations: string[];
  /** What the harness lost of its own: the run has not passed then, and no objective without data was missed. */
  cuts: string[];
  /** What was seen of the target and decides no verdict. */
  findings: string[];
  verdict: VerdictName;
};

/**
 * Judges a run from its record alone: every selected objective, and the run by them; a fail that the harness may have caused itself
 * becomes inconclusive, and so does whatever was measured under a load that was not offered as scheduled. What could not be judged is listed as not
 * measured, with the reason.
 * @param selected ids of the objectives whose specs took part in the run
 * @param unreached those whose tests did not come to an end, with the reason: without an event they were not measured, rather than missed
 * @throws HarnessError RECORD_INVALID for an id that the record does not know, or events that no verdict may rest on
 */
export function judgeRun(
  whole: RunRecord,
  { selected, unreached = [] }: { selected: string[]; unreached?: NotMeasured[] },
): RunJudgement {
  const record = beforeMockWasLost(whole);
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
  const all = judged.map((objective) => {
    const series = deriveEvents(objective, record);
    const judgement = judge(objective, series, rates);
    const allowance = harnessAllowance(objective, record);
    const doubted = downgradeFailIfHarnessInterfered(
      judgement,
      objective,
      series,
      rates,
      allowance,
    );
    const judged = showFirstObjection(
      invalidateMisofferedLoad(doubted, objective, record),
      objective,
      series,
      record,
    );
    return { judgement: judged, missing: series.missing };
  });
  const { judgements: grounded, excused } = excludeDependentObjectives(judged, all);
  notMeasured.push(...excused);
  const cuts = harnessExits(record);
  const lost = (id: string): NotMeasured[] => cuts.map((reason) => ({ id, reason }));
  const judgements = grounded.filter(({ id, n }) => {
    const cut = n === 0 ? [...unreached.filter((one) => one.id === id), ...lost(id)][0] : undefined;
    if (cut !== undefined) notMeasured.push(cut);
    return cut === undefined;
  });
  const gaps = judgeGaps(record.run, judgements);
  const violations = [
    ...foreignAnswers(judged, record),
    ...unansweredTargets(record),
    ...targetExits(record),
  ];
  const otherIds = describeOtherIds(record);
  const verdict = violations.length > 0 ? 'fail' : verdictOfRun(judged, judgements, gaps);
  const findings = otherIds === null ? [] : [otherIds];
  return { judgements, notMeasured, notSelected, gaps, violations, cuts, findings, verdict };
}

/** One miss that no open gap accounts for fails the run, and so does a gap that is closed. Where nothing was judged nothing is known. */
function verdictOfRun(
  objectives: Objective[],
  judgements: Judgement[],
  gaps: GapJudgement[],
): VerdictName {
  const tolerant = objectives.filter((o) => o.onInconclusive === 'report').map(({ id }) => id);
  const admitted = gaps.filter(({ state }) => state === 'open').flatMap(({ missed }) => missed);
  const counting = judgements.filter(({ id }) => !admitted.includes(id));
  if (counting.some(({ verdict }) => verdict === 'fail')) return 'fail';
  if (gaps.some(({ state }) => state === 'closed')) return 'fail';
  const open = counting.some((j) => j.verdict === 'inconclusive' && !tolerant.includes(j.id));
  return open || judgements.length === 0 ? 'inconclusive' : 'pass';
}

/** True only where every workload that offered the operation found out that it cannot: what is unknown is missing, not excused. */
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

/** A judgement, and of how many requests what it takes was not recorded. */
export type Judged = { judgement: Judgement; missing: number };

/**
 * Takes out the judgements that had nothing to judge because of another objective that was not met: where nothing is retried there are no
 * waits to measure. The other one must have bad events of its own, whoever made them; else no data stays what it is, a fail. So it does where
 * something was to be measured, and was not.
 */
export function excludeDependentObjectives(
  objectives: Objective[],
  judged: Judged[],
): { judgements: Judgement[]; excused: { id: string; reason: string }[] } {
  const judgements = judged.map(({ judgement }) => judgement);
  const excused = judged.flatMap(({ judgement: { id, n, setAside }, missing }) => {
    const ground = n + setAside + missing === 0 ? groundOf(id, objectives, judgements) : null;
    return ground === null
      ? []
      : [{ id, reason: `there was nothing to measure, since ${ground} is not met` }];
  });
  const ids = excused.map(({ id }) => id);
  return { judgements: judgements.filter(({ id }) => !ids.includes(id)), excused };
}

function groundOf(id: string, objectives: Objective[], judgements: Judgement[]): string | null {
  const objective = objectives.find((one) => one.id === id);
  if (objective === undefined) return null;
  const { presupposes } = objective.metric;
  const ground = objectives.find(
    ({ operation, metric }) => operation === objective.operation && metric.name === presupposes,
  );
  const judged = judgements.find((one) => one.id === ground?.id);
  return judged !== undefined && judged.verdict !== 'pass' && judged.bad > 0 ? judged.id : null;
}
