import { styleText } from 'node:util';
import { type MetricName, metricOf } from '../core/budget/metrics.ts';
import { describeObjective, percent } from '../core/budget/objective.ts';
import { plainText } from '../core/plainText.ts';
import { formatEstimate } from '../core/verdict/formatEstimate.ts';
import { formatValue } from '../core/verdict/formatValue.ts';
import type { Judgement } from '../core/verdict/verdict.ts';
import { LINE, wrapText } from '../core/wrapText.ts';
import type { Judged } from '../report/charts/plotObjective.ts';
import type { ListedGap } from './judgeMeasured.ts';
import type { Rerun } from './nextSteps.ts';
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

/** Head of every message of the matcher, by which the reporter tells a missed objective from a test that broke. */
export function messageHead(id: string): string {
  return `expect(measured).toMeetBudget('${id}') failed`;
}

/** Where the texts beside the labels begin. */
export const INDENT = 11;

/**
 * The aligned form of Playwright's own matchers: what was held against what, a row each; findings; and what to do next.
 * @param rows label and text, which may be coloured
 */
export function alignedMessage(
  id: string,
  rows: [label: string, text: string][],
  findings: string[],
  steps: string[],
): string {
  return [
    messageHead(id),
    '',
    ...rows.map(([label, text]) => `${`${label}:`.padEnd(INDENT)}${text}`),
    ...findings,
    '',
    'What to do next:',
    ...steps.map((step) => `  - ${wrapText(step, 4)}`),
    '',
  ].join('\n');
}

/** Columns before what was seen: the time stands there. */
const FINDING_INDENT = 28;

/** The measurements that say most, each when it was sent, what was seen, and whose it was; what does not fit a line stands below it. */
export function findingLines(metric: MetricName, findings: Finding[]): string[] {
  if (findings.length === 0) return [];
  const { kind, wantsMore } = metricOf(metric);
  const isFirstBad = kind === 'share' || kind === 'never';
  const width = Math.max(...findings.map(({ seen }) => seen.length));
  const pad = (seen: string) => (kind === 'quantile' ? seen.padStart(width) : seen.padEnd(width));
  const longest = Math.max(
    ...findings.map(({ whose }) => FINDING_INDENT + width + 2 + whose.length),
  );
  const lines = findings.map(({ seen, at, whose }) =>
    longest <= LINE
      ? `  ${at}  ${pad(seen)}  ${whose}`
      : `  ${at}  ${wrapText(seen, FINDING_INDENT)}\n${' '.repeat(FINDING_INDENT)}${wrapText(whose, FINDING_INDENT)}`,
  );
  const title = isFirstBad ? 'First bad' : wantsMore === true ? 'Smallest' : 'Worst';
  return ['', `${title} measurements:`, ...lines];
}
