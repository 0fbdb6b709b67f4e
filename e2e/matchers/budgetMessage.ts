import { styleText } from 'node:util';
import type { Judged } from '../charts/plotObjective.ts';
import { METRICS } from '../core/budget/metrics.ts';
import { describeObjective, percent } from '../core/budget/objective.ts';
import { plainText } from '../core/plainText.ts';
import { formatEstimate } from '../core/verdict/formatEstimate.ts';
import { formatValue } from '../core/verdict/formatValue.ts';
import type { Judgement } from '../core/verdict/verdict.ts';
import type { Finding } from './worstMeasurements.ts';

/** Head of every message of the matcher, by which the reporter tells a missed objective from a test that broke. */
export function messageHead(id: string): string {
  return `expect(measured).toMeetBudget('${id}') failed`;
}

/** Characters of a line before it runs out of sight in Playwright's report. */
const LINE = 96;
const INDENT = 11;

/** What a reader needs when an objective is not met, in the aligned form of Playwright's own matchers. */
export function budgetMessage(
  { objective, judgement }: Pick<Judged, 'objective' | 'judgement'>,
  findings: Finding[],
  steps: string[],
): string {
  const confidence = `at ${percent(judgement.confidence)} confidence`;
  const estimate = formatEstimate(objective, judgement);
  const rows = [
    ['Objective', styleText('green', describeObjective(objective))],
    ['Verdict', styleText('red', judgement.verdict)],
    [
      'Estimate',
      judgement.estimate === null ? estimate : `${styleText('red', estimate)} ${confidence}`,
    ],
    ['Measured', measuredRow(judgement)],
    ['Because', wrap(plainText(judgement.reason))],
  ];
  return [
    messageHead(objective.id),
    '',
    ...rows.map(([label, text]) => `${`${label}:`.padEnd(INDENT)}${text}`),
    ...findingLines(objective.metric, findings),
    '',
    'What to do next:',
    ...steps.map((step) => `  - ${step}`),
    '',
  ].join('\n');
}

function measuredRow({ n, bad, failed, median, min, max, unit }: Judgement): string {
  const counts = `n = ${n}, ${bad} bad, ${failed} failed`;
  if (median === null || min === null || max === null) return counts;
  const [p50, least, most] = [median, min, max].map((value) => formatValue(value, unit));
  return `${counts}; P50 ${p50}, min ${least}, max ${most}`;
}

function findingLines(metric: keyof typeof METRICS, findings: Finding[]): string[] {
  if (findings.length === 0) return [];
  const isShare = METRICS[metric].kind === 'share';
  const width = Math.max(...findings.map(({ seen }) => seen.length));
  const lines = findings.map(({ seen, at, whose }) => {
    const shown = isShare ? seen.padEnd(width) : seen.padStart(width);
    return `  ${at}  ${shown}  ${whose}`;
  });
  return ['', isShare ? 'First bad measurements:' : 'Worst measurements:', ...lines];
}

/** Breaks a long sentence before words, never before `::`, and sets it off under its beginning. */
function wrap(sentence: string): string {
  const lines = [''];
  for (const word of sentence.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (INDENT + line.length + word.length < LINE || !/^\w/.test(word))
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${' '.repeat(INDENT)}`);
}
