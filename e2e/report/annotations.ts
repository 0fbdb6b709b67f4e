import { describeObjective, type Objective } from '../core/budget/objective.ts';
import { formatEstimate } from '../core/verdict/format.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { findJudged, findUnmet, formatMark } from './describeSummary.ts';

/** More of a step are not shown. */
const MOST_OF_A_LEVEL = 10;

/**
 * Workflow commands by which GitHub annotates a run: an error for each missed objective, a warning for each inconclusive one. They escape
 * what GitHub's own toolkit does (`packages/core/src/command.ts`).
 */
export function annotations(summary: Summary, objectives: Objective[]): string {
  const levels = Map.groupBy(findUnmet(findJudged(summary, objectives)), ({ judgement }) =>
    judgement.verdict === 'fail' ? 'error' : 'warning',
  );
  return [...levels]
    .flatMap(([level, unmet]) =>
      unmet.slice(0, MOST_OF_A_LEVEL).map(({ objective, judgement }) => {
        const { verdict, n, reason } = judgement;
        const title = `${formatMark(verdict)}: ${describeObjective(objective)}`;
        const text = `${formatEstimate(objective, judgement)}, n = ${n}: ${reason}`;
        return `::${level} title=${encode(title, /[%\r\n:,]/g)}::${encode(text, /[%\r\n]/g)}\n`;
      }),
    )
    .join('');
}

function encode(text: string, characters: RegExp): string {
  return text.replaceAll(characters, (one) => encodeURIComponent(one));
}
