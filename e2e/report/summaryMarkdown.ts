import { describeObjective, type Objective, percent } from '../core/budget/objective.ts';
import type { Table } from '../core/table.ts';
import { plainText } from '../core/terminalText.ts';
import {
  describeNoEstimate,
  formatInterval,
  formatValue,
  statisticLabel,
} from '../core/verdict/format.ts';
import { HARNESS_RULE } from '../core/verdict/harnessInterference.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { describeLoad } from './describeLoad.ts';
import {
  chooseMark,
  describeVerdict,
  formatMark,
  GAP_STATES,
  harnessTable,
  stallLines,
} from './describeSummary.ts';

const MARKS = { pass: '✅', fail: '❌', inconclusive: '❔', knownGap: '⚠️' } as const;

/** The summary of a run for the page of a CI job, in Markdown with all foreign text escaped. */
export function summaryMarkdown(summary: Summary, objectives: Objective[]): string {
  const { run, verdict } = summary;
  return [
    `## ${MARKS[verdict]} Performance: ${describeVerdict(summary)}`,
    [
      `Target ${run.target}`,
      `commit ${run.commit ?? 'unknown'}`,
      `started ${run.startedAt}`,
      `took ${(run.durationMs / 1000).toFixed(0)} s`,
      `run ${run.id}`,
    ].join(' · '),
    table({
      head: ['Objective', 'Estimate', 'Interval', 'n', 'Bad', 'Set aside', 'Failed', 'Verdict'],
      rows: summary.objectives.map((one) => objectiveCells(one, objectives)),
    }),
    list('### Why', reasonItems(summary)),
    list('### Found', summary.findings.map(escapeMarkdown)),
    list(
      '### Not measured',
      summary.notMeasured.map(
        ({ id, reason }) => `${escapeMarkdown(id)}: ${escapeMarkdown(reason)}`,
      ),
    ),
    section(
      '### Not selected (no test of this run judges these)',
      summary.notSelected.map(escapeMarkdown).join(', '),
    ),
    section(
      '### Known gaps',
      table({
        head: ['Gap', 'State', 'What', 'Observed', 'Planned for', 'Impact'],
        rows: summary.knownGaps.map(({ id, state, what, observed, release, impact }) =>
          [id, GAP_STATES[state], what, observed, release, impact].map(escapeMarkdown),
        ),
      }),
    ),
    list('### Stalls of the target', stallLines(summary).map(escapeMarkdown)),
    section('### Under load', summary.loads.flatMap(loadParts).join('\n\n')),
    section(
      '### The harness itself',
      `${table(escapeCells(harnessTable(summary)))}\n\n${HARNESS_RULE}`,
    ),
    list(
      '### Environment',
      Object.entries(run.environment).map(
        ([name, value]) => `${escapeMarkdown(name)}: ${escapeMarkdown(String(value ?? 'unknown'))}`,
      ),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** Reasons why the verdict is not a pass. */
function reasonItems({ reasons, objectives }: Summary): string[] {
  const missed = objectives.filter(
    ({ verdict, knownGap }) => verdict !== 'pass' && knownGap === null,
  );
  return [
    ...reasons.map((reason) => `run: ${escapeMarkdown(reason)}`),
    ...missed.map(
      ({ id, verdict, reason }) =>
        `${escapeMarkdown(`${verdict}: ${id}`)}: ${escapeMarkdown(reason)}`,
    ),
  ];
}

function objectiveCells(one: Summary['objectives'][number], objectives: Objective[]): string[] {
  const objective = objectives.find(({ id }) => id === one.id);
  const name = objective === undefined ? one.id : describeObjective(objective);
  const value =
    one.estimate === null ? describeNoEstimate(one) : formatValue(one.estimate, one.unit);
  const label = objective === undefined ? '' : statisticLabel(objective);
  return [
    name,
    `${label} ${value}`.trim(),
    `${formatInterval(one.interval, one.unit)} at ${percent(one.confidence)}`,
    String(one.n),
    String(one.bad),
    String(one.setAside),
    String(one.failed),
    `${MARKS[chooseMark(one)]} ${formatMark(chooseMark(one))}`,
  ];
}

function loadParts(load: Summary['loads'][number]): string[] {
  const { model, blocks } = describeLoad(load);
  const parts = blocks.map((block) =>
    Array.isArray(block)
      ? block.map((line) => `- ${escapeMarkdown(line)}`).join('\n')
      : table(escapeCells(block)),
  );
  return [
    `#### ${escapeMarkdown(`${load.workload}: ${model}`)}`,
    ...parts.filter((part) => part !== ''),
  ];
}

function section(title: string, body: string): string {
  return body === '' ? '' : `${title}\n\n${body}`;
}

function list(title: string, items: string[]): string {
  return section(title, items.map((item) => `- ${item}`).join('\n'));
}

function escapeCells({ head, rows }: Table): Table {
  return { head: head.map(escapeMarkdown), rows: rows.map((row) => row.map(escapeMarkdown)) };
}

/** Cells are Markdown. Without rows there is no table. */
function table({ head, rows }: Table): string {
  if (rows.length === 0) return '';
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** ASCII punctuation that can be markup. A dot within a number and a dash within a word cannot. */
const MARKUP = /[\\`*_[\]<>()#+!|~&:@$/^]|(?<!\w)-|-(?!\w)|(?<!\d)\.|\.(?!\d)/g;

/**
 * Escapes text for Markdown and its table cells: a backslash removes the meaning of ASCII punctuation (CommonMark 0.31, 2.4; GitHub's
 * tables, autolinks and formulas use the same characters).
 */
export function escapeMarkdown(text: string): string {
  return plainText(text).replaceAll(MARKUP, '\\$&');
}
