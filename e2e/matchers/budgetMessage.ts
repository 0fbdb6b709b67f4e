import { styleText } from 'node:util';
import type { Metric } from '../core/budget/metric.ts';
import { describeObjective, percent } from '../core/budget/objective.ts';
import { alignRows } from '../core/table.ts';
import { LINE_WIDTH, plainText, wrapText } from '../core/terminalText.ts';
import { formatEstimate, formatValue } from '../core/verdict/format.ts';
import type { Judgement } from '../core/verdict/judgement.ts';
import type { Judged } from '../report/charts/plotObjective.ts';
import type { Rerun } from '../report/nextSteps.ts';
import type { ListedGap } from './judgeMeasured.ts';
import type { Finding } from './worstMeasurements.ts';

type Verdict = Pick<Judged, 'objective' | 'judgement'>;

export function budgetMessage(
  judged: Verdict,
  found: string | null,
  findings: Finding[],
  steps: string[],
): string {
  const { objective, judgement } = judged;
  return formatMessage(judged, {
    colour: 'red',
    verdict: styleText('red', judgement.verdict),
    because: judgement.reason,
    found,
    findings: findingLines(objective.metric, findings),
    steps,
  });
}

export function closedGapMessage(
  judged: Verdict,
  { id, what, release, inheritedFrom }: ListedGap,
  { target, command }: Rerun,
): string {
  const file = inheritedFrom ?? `budgets/${target}.json`;
  return formatMessage(judged, {
    colour: 'green',
    verdict: `${styleText('green', judged.judgement.verdict)}, but its gap is listed`,
    because: `${file} lists "${id}" (${what}, planned for ${release}) as a known gap, but every objective of it is met: the gap is closed`,
    steps: [
      `Remove the entry with "id": "${id}" from knownGaps in ${file}: from then on a miss fails the run.`,
      `Run it again:\n${command}`,
    ],
  });
}

/** First line of every message. The reporter recognizes a missed objective by it. */
export function messageHead(id: string): string {
  return `expect(measured).toMeetBudget('${id}') failed`;
}

/** Column of the texts beside the labels. */
const INDENT = 11;

type MessageParts = {
  colour: 'red' | 'green';
  verdict: string;
  because: string;
  found?: string | null;
  findings?: string[];
  steps: string[];
};

/** Lays a message out as Playwright's own matchers do: labels with values, findings, and what to do next. */
function formatMessage(
  { objective, judgement }: Verdict,
  { colour, verdict, because, found = null, findings = [], steps }: MessageParts,
): string {
  const estimate = formatEstimate(objective, judgement);
  const confidence = `at ${percent(judgement.confidence)} confidence`;
  const rows = {
    Objective: styleText('green', describeObjective(objective)),
    Verdict: verdict,
    Estimate:
      judgement.estimate === null ? estimate : `${styleText(colour, estimate)} ${confidence}`,
    Measured: describeSample(judgement),
    Because: wrapText(plainText(because), INDENT),
    ...(found === null ? {} : { Found: wrapText(plainText(found), INDENT) }),
  };
  return [
    messageHead(objective.id),
    '',
    ...Object.entries(rows).map(([label, text]) => `${`${label}:`.padEnd(INDENT)}${text}`),
    ...findings,
    '',
    'What to do next:',
    ...steps.map((step) => `  - ${wrapText(step, 4)}`),
    '',
  ].join('\n');
}

/** `n = 400, 100 bad, 0 failed; P50 350.0 ms, min 350.0 ms, max 2896.0 ms`. */
function describeSample({ n, bad, failed, median, min, max, unit }: Judgement): string {
  const counts = `n = ${n}, ${bad} bad, ${failed} failed`;
  if (median === null || min === null || max === null) return counts;
  const [p50, least, most] = [median, min, max].map((value) => formatValue(value, unit));
  return `${counts}; P50 ${p50}, min ${least}, max ${most}`;
}

/** Column of the result, after the time. */
const RESULT_INDENT = 28;

/** A line for each measurement: its time, result and source. If a line would be too long, each takes two. */
function findingLines({ kind, wantsMore }: Metric, findings: Finding[]): string[] {
  if (findings.length === 0) return [];
  const align = { right: (column: number) => kind === 'quantile' && column === 1 };
  const lines = alignRows(
    findings.map(({ at, result, source }) => [at, result, source]),
    align,
  ).map((line) => `  ${line}`);
  const fits = lines.every((line) => line.length <= LINE_WIDTH);
  const title =
    kind === 'share' || kind === 'zeroTolerance'
      ? 'First bad'
      : wantsMore === true
        ? 'Smallest'
        : 'Worst';
  return ['', `${title} measurements:`, ...(fits ? lines : findings.flatMap(wrapFinding))];
}

function wrapFinding({ at, result, source }: Finding): string[] {
  return [
    `  ${at}  ${wrapText(result, RESULT_INDENT)}`,
    `${' '.repeat(RESULT_INDENT)}${wrapText(source, RESULT_INDENT)}`,
  ];
}
