import { styleText } from 'node:util';
import { describeObjective, percent } from '../core/budget/objective.ts';
import { plainText } from '../core/plainText.ts';
import { formatEstimate } from '../core/verdict/formatEstimate.ts';
import { wrapText } from '../core/wrapText.ts';
import type { Judged } from '../report/charts/plotObjective.ts';
import { alignedMessage, INDENT } from './alignedMessage.ts';
import { measuredRow } from './budgetMessage.ts';
import type { ListedGap } from './judgeMeasured.ts';
import type { Rerun } from './nextSteps.ts';

/** What a reader needs when a gap that the budget still lists is closed: good news, and an entry too many. */
export function closedGapMessage(
  { objective, judgement }: Pick<Judged, 'objective' | 'judgement'>,
  { id, what, release }: ListedGap,
  { target, command }: Rerun,
): string {
  const estimate = `${formatEstimate(objective, judgement)} at ${percent(judgement.confidence)} confidence`;
  const because = `budgets/${target}.json lists "${id}" (${what}, planned for ${release}) as a known gap, but every objective of it is met: the gap is closed`;
  return alignedMessage(
    objective.id,
    [
      ['Objective', styleText('green', describeObjective(objective))],
      ['Verdict', `${styleText('green', judgement.verdict)}, but its gap is listed`],
      ['Estimate', styleText('green', estimate)],
      ['Measured', measuredRow(judgement)],
      ['Because', wrapText(plainText(because), INDENT)],
    ],
    [],
    [
      `Remove the entry with "id": "${id}" from knownGaps in budgets/${target}.json: from then on a miss fails the run.`,
      `Run it again:\n${command}`,
    ],
  );
}
