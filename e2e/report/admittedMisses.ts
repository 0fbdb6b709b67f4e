import type { GapJudgement } from '../core/verdict/judgeGaps.ts';

/** The misses that open gaps admit: by the id of the objective, the id of the gap. */
export function admittedMisses(gaps: GapJudgement[]): Map<string, string> {
  const open = gaps.filter(({ state }) => state === 'open');
  return new Map(open.flatMap(({ id, missed }) => missed.map((objective) => [objective, id])));
}
