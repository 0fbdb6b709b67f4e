import { metricOf } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import type { Judgement } from './judgement.ts';

/** A judgement, and of how many requests what it takes was not recorded. */
export type Judged = { judgement: Judgement; missing: number };

/**
 * Takes out the judgements that had nothing to judge because of another objective that was not met: where nothing is retried there are no
 * waits to measure. The other one must have bad events of its own, whoever made them; else no data stays what it is, a fail. So it does where
 * something was to be measured, and was not.
 */
export function excuseWithoutGround(
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
  const { presupposes } = metricOf(objective.metric);
  const ground = objectives.find(
    ({ operation, metric }) => operation === objective.operation && metric === presupposes,
  );
  const judged = judgements.find((one) => one.id === ground?.id);
  return judged !== undefined && judged.verdict !== 'pass' && judged.bad > 0 ? judged.id : null;
}
