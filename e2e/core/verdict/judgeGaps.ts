import type { Objective } from '../budget/objective.ts';
import type { RunLine } from '../record/recordLine.ts';
import { formatEstimate } from './format.ts';
import type { Judgement } from './judgement.ts';

/** What became of a gap that the budget admits. */
export type GapJudgement = {
  id: string;
  /** `open`: an objective of it is missed. `closed`: every one is met. `notMeasured`: neither is established. */
  state: 'open' | 'closed' | 'notMeasured';
  /** In a sentence: what was seen of it, or why nothing was. */
  observed: string;
  /** Ids of its objectives that were seen to be missed; these fail no run. */
  missed: string[];
};

/**
 * Judges the admitted gaps by the objectives that belong to them. A gap is as closed as all of them are met: of one that part of was not
 * selected, or is inconclusive, nobody knows. A miss without a single event shows no gap, so no gap excuses it.
 */
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
      const observed = missed.map(describeSeen).join('; ');
      return { id, state: 'open', observed, missed: missed.map(({ objective }) => objective.id) };
    }
    const met = judged.filter(({ judgement }) => judgement.verdict === 'pass');
    if (members.length > 0 && met.length === members.length) {
      const observed = `every objective of it is met: ${met.map(describeSeen).join('; ')}`;
      return { id, state: 'closed', observed, missed: [] };
    }
    return { id, state: 'notMeasured', observed: whyUnknown(members, judged), missed: [] };
  });
}

function describeSeen({ objective, judgement }: Judged): string {
  return `${objective.id}: ${formatEstimate(objective, judgement)}, ${judgement.reason}`;
}

type Judged = { objective: Objective; judgement: Judgement };

function whyUnknown(members: Objective[], judged: Judged[]): string {
  if (members.length === 0) return 'no objective of this target shows it';
  if (judged.length === 0) return 'no objective of it was judged';
  const idsOf = (isMeant: (judgement: Judgement) => boolean) =>
    judged.flatMap(({ judgement }) => (isMeant(judgement) ? [judgement.id] : [])).join(', ');
  const withoutData = idsOf(({ n }) => n === 0);
  if (withoutData !== '') return `without data: ${withoutData}`;
  const inconclusive = idsOf(({ verdict }) => verdict === 'inconclusive');
  if (inconclusive !== '') return `inconclusive: ${inconclusive}`;
  return `${members.length - judged.length} of its ${members.length} objectives were not judged`;
}
