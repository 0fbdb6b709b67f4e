import { metricOf } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import type { Judgement } from './verdict.ts';

/**
 * Takes out the judgements that had nothing to judge because of another objective that was missed: where nothing is retried there are no
 * waits to measure. The other one must have been judged, by events of its own, and not passed; else no data stays what it is, a fail.
 */
export function excuseWithoutGround(
  objectives: Objective[],
  judgements: Judgement[],
): { judgements: Judgement[]; excused: { id: string; reason: string }[] } {
  const excused = judgements.flatMap((judgement) => {
    const ground = judgement.n === 0 ? groundOf(judgement.id, objectives, judgements) : null;
    if (ground === null) return [];
    return [
      { id: judgement.id, reason: `there was nothing to measure, since ${ground} is missed` },
    ];
  });
  const ids = excused.map(({ id }) => id);
  return { judgements: judgements.filter(({ id }) => !ids.includes(id)), excused };
}

function groundOf(id: string, objectives: Objective[], judgements: Judgement[]): string | null {
  const objective = objectives.find((one) => one.id === id);
  if (objective === undefined) return null;
  const { presupposes } = metricOf(objective.metric);
  const ground = objectives.find(
    ({ operation, metric }) => operation === objective.operation && metric === presupposes,
  );
  const judged = judgements.find((one) => one.id === ground?.id);
  return judged?.verdict === 'fail' && judged.n > 0 ? judged.id : null;
}
