import { styleText } from 'node:util';
import { describeObjective, percent } from '../core/budget/objective.ts';
import { plainText } from '../core/plainText.ts';
import { formatEstimate } from '../core/verdict/formatEstimate.ts';
import { formatValue } from '../core/verdict/formatValue.ts';
import type { Judgement } from '../core/verdict/verdict.ts';
import { wrapText } from '../core/wrapText.ts';
import type { Judged } from '../report/charts/plotObjective.ts';
import { alignedMessage, INDENT } from './alignedMessage.ts';
import { findingLines } from './findingLines.ts';
import type { Finding } from './worstMeasurements.ts';

/** What a reader needs when an objective is not met. */
export function budgetMessage(
  { objective, judgement }: Pick<Judged, 'objective' | 'judgement'>,
  found: string | null,
  findings: Finding[],
  steps: string[],
): string {
  const confidence = `at ${percent(judgement.confidence)} confidence`;
  const estimate = formatEstimate(objective, judgement);
  return alignedMessage(
    objective.id,
    [
      ['Objective', styleText('green', describeObjective(objective))],
      ['Verdict', styleText('red', judgement.verdict)],
      [
        'Estimate',
        judgement.estimate === null ? estimate : `${styleText('red', estimate)} ${confidence}`,
      ],
      ['Measured', measuredRow(judgement)],
      ['Because', wrapText(plainText(judgement.reason), INDENT)],
      ...(found === null
        ? []
        : [['Found', wrapText(plainText(found), INDENT)] satisfies [string, string]]),
    ],
    findingLines(objective.metric, findings),
    steps,
  );
}

/** `n = 400, 100 bad, 0 failed; P50 350.0 ms, min 350.0 ms, max 2896.0 ms`. */
export function measuredRow({ n, bad, failed, median, min, max, unit }: Judgement): string {
  const counts = `n = ${n}, ${bad} bad, ${failed} failed`;
  if (median === null || min === null || max === null) return counts;
  const [p50, least, most] = [median, min, max].map((value) => formatValue(value, unit));
  return `${counts}; P50 ${p50}, min ${least}, max ${most}`;
}
