import type { Objective } from '../budget/objective.ts';
import type { RunLine } from '../record/recordLine.ts';
import { formatEstimate } from './format.ts';
import type { Judgement } from './judgement.ts';
import type { Summary } from './runSummary.ts';

export type GapJudgement = Pick<
  Summary['knownGaps'][number],
  'id' | 'state' | 'observed' | 'missed'
>;

/** A gap is closed only if all its objectives are met. It does not excuse one without data, which may have another cause. */
export function judgeGaps(
  { knownGaps, objectives }: Pick<RunLine, 'knownGaps' | 'objectives'>,
  judgements: readonly Judgement[],
): GapJudgement[] {
  return knownGaps.map(({ id }) => {
    const members = objectives.filter(({ gap }) => gap === id);
    const judged = members.flatMap((objective) => {
      const judgement = judgements.find((one) => one.id === objective.id);
      return judgement === undefined ? [] : [{ objective, judgement }];
    });
    const missed = judged.filter(({ judgement: { verdict, n } }) => verdict === 'fail' && n > 0);
    if (missed.length > 0) {
      const observed = missed.map(describeMember).join('; ');
      return { id, state: 'open', observed, missed: missed.map(({ objective }) => objective.id) };
    }
    const met = judged.filter(({ judgement }) => judgement.verdict === 'pass');
    if (members.length > 0 && met.length === members.length) {
      const observed = `every objective of it is met: ${met.map(describeMember).join('; ')}`;
      return { id, state: 'closed', observed, missed: [] };
    }
    return { id, state: 'notMeasured', observed: whyUnknown(members, judged), missed: [] };
  });
}

function describeMember({ objective, judgement }: Member): string {
  return `${objective.id}: ${formatEstimate(objective, judgement)}, ${judgement.reason}`;
}

type Member = { objective: Objective; judgement: Judgement };

function whyUnknown(members: Objective[], judged: Member[]): string {
  if (members.length === 0) return 'no objective of this target shows it';
  if (judged.length === 0) return 'no objective of it was judged';
  const listIds = (isMeant: (judgement: Judgement) => boolean) =>
    judged.flatMap(({ judgement }) => (isMeant(judgement) ? [judgement.id] : [])).join(', ');
  const withoutData = listIds(({ n }) => n === 0);
  if (withoutData !== '') return `without data: ${withoutData}`;
  const inconclusive = listIds(({ verdict }) => verdict === 'inconclusive');
  if (inconclusive !== '') return `inconclusive: ${inconclusive}`;
  return `${members.length - judged.length} of its ${members.length} objectives were not judged`;
}
