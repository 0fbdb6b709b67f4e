import { describeObjective, type Objective, percent } from '../core/budget/objective.ts';
import {
  describeNoEstimate,
  formatInterval,
  formatValue,
  statisticLabel,
} from '../core/verdict/format.ts';
import { HARNESS_RULE } from '../core/verdict/harnessInterference.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import {
  describeVerdict,
  GAP_STATES,
  harnessTable,
  markOf,
  markText,
  stallLines,
} from './describeSummary.ts';
import { loadTables } from './loadTables.ts';
import { markdownTable, escapeMarkdown as text } from './markdown.ts';

const MARKS = { pass: '✅', fail: '❌', inconclusive: '❔', knownGap: '⚠️' } as const;

/** The summary of a run for the page of a CI job: Markdown in which all foreign text is escaped. */
export function summaryMarkdown(summary: Summary, objectives: Objective[]): string {
  const { run, verdict } = summary;
  const harness = harnessTable(summary);
  return [
    `## ${MARKS[verdict]} Performance: ${describeVerdict(summary)}`,
    [
      `Target ${run.target}`,
      `commit ${run.commit ?? 'unknown'}`,
      `started ${run.startedAt}`,
      `took ${(run.durationMs / 1000).toFixed(0)} s`,
      `run ${run.id}`,
    ].join(' · '),
    markdownTable(
      ['Objective', 'Estimate', 'Interval', 'n', 'Bad', 'Set aside', 'Failed', 'Verdict'],
      summary.objectives.map((one) => objectiveCells(one, objectives)),
    ),
    list('### Why', reasonItems(summary)),
    list('### Found', summary.findings.map(text)),
    list(
      '### Not measured',
      summary.notMeasured.map(({ id, reason }) => `${text(id)}: ${text(reason)}`),
    ),
    section('### Not selected', summary.notSelected.map(text).join(', ')),
    section(
      '### Known gaps',
      markdownTable(
        ['Gap', 'State', 'What', 'Observed', 'Planned for', 'Impact'],
        summary.knownGaps.map(({ id, state, what, observed, release, impact }) =>
          [id, GAP_STATES[state], what, observed, release, impact].map(text),
        ),
      ),
    ),
    list('### Stalls of the target', stallLines(summary).map(text)),
    section('### Under load', loadTables(summary.loads)),
    section(
      '### The harness itself',
      `${markdownTable(
        ['Workload', ...harness.columns],
        harness.rows.map(({ workload, cells }) => [text(workload), ...cells]),
      )}\n\n${HARNESS_RULE}`,
    ),
    list(
      '### Environment',
      Object.entries(run.environment).map(
        ([name, value]) => `${text(name)}: ${text(String(value ?? 'unknown'))}`,
      ),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** Why the verdict is not a pass. */
function reasonItems({ reasons, objectives }: Summary): string[] {
  const missed = objectives.filter(
    ({ verdict, knownGap }) => verdict !== 'pass' && knownGap === null,
  );
  return [
    ...reasons.map((reason) => `run: ${text(reason)}`),
    ...missed.map(({ id, verdict, reason }) => `${text(`${verdict}: ${id}`)}: ${text(reason)}`),
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
    `${MARKS[markOf(one)]} ${markText(markOf(one))}`,
  ];
}

function section(title: string, body: string): string {
  return body === '' ? '' : `${title}\n\n${body}`;
}

function list(title: string, items: string[]): string {
  return section(title, items.map((item) => `- ${item}`).join('\n'));
}
