import { describeObjective, type Objective, percent } from '../core/budget/objective.ts';
import type { Table } from '../core/table.ts';
import { plainText, shortText } from '../core/terminalText.ts';
import { formatCount, formatEstimate } from '../core/verdict/format.ts';
import { HARNESS_RULE } from '../core/verdict/harnessInterference.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { describeLoad } from './describeLoad.ts';
import {
  chooseMark,
  counted,
  describeVerdict,
  findJudged,
  findUnmet,
  formatMark,
  formatStart,
  GAP_STATES,
  harnessTable,
  type Judged,
  stallLines,
} from './describeSummary.ts';

const MARKS = { pass: '✅', fail: '❌', inconclusive: '❔', knownGap: '⚠️' } as const;
/** GitHub takes 1 MiB for all summaries of a step, and CI shows those of several runs. */
const MOST_BYTES = 100_000;
/** Of each kind, at first sight. */
const MOST_LINES = 10;
const MOST_CHARACTERS = 300;

/**
 * The summary of a run for the page of a CI job: the verdict, what is not met, what moved against the baseline, and the rest folded. It is
 * Markdown with all foreign text escaped.
 */
export function summaryMarkdown(summary: Summary, objectives: Objective[]): string {
  const { run, verdict, reasons } = summary;
  const judged = findJudged(summary, objectives);
  const about = [
    `Target ${run.target}`,
    `commit ${run.commit ?? 'unknown'}`,
    `started ${formatStart(run.startedAt)}`,
    `took ${(run.durationMs / 1000).toFixed(0)} s`,
  ];
  const parts = [
    `## ${MARKS[verdict]} Performance: ${describeVerdict(summary)}`,
    about.map(escapeMarkdown).join(' · '),
    list(reasons.slice(0, MOST_LINES).map((reason) => shortText(reason, MOST_CHARACTERS))),
    describeRest(reasons.length, 'reason'),
    ...unmetParts(judged),
    describeBaseline(judged),
  ].filter((part) => part !== '');
  let bytes = Buffer.byteLength(parts.join());
  for (const [title, body] of foldedParts(summary, judged)) {
    if (body === '') continue;
    bytes += Buffer.byteLength(body);
    const shown = bytes > MOST_BYTES ? 'Too long for this page: see index.html.' : body;
    parts.push(`<details><summary>${title}</summary>`, shown, '</details>');
  }
  return `${parts.join('\n\n')}\n`;
}

function unmetParts(judged: Judged[]): string[] {
  const unmet = findUnmet(judged);
  const rows = unmet
    .slice(0, MOST_LINES)
    .map(({ objective, judgement }) => [
      formatVerdict(judgement),
      describeObjective(objective),
      formatEstimate(objective, judgement),
      formatCount(judgement.n),
      shortText(judgement.reason, MOST_CHARACTERS),
    ]);
  const head = ['Verdict', 'Objective', 'Measured', 'n', 'Why'];
  return [table({ head, rows }), describeRest(unmet.length, 'objective')];
}

function describeRest(all: number, what: string): string {
  return all <= MOST_LINES ? '' : `and ${counted(all - MOST_LINES, what)} more: see index.html`;
}

/** Ratios whose interval leaves out 1 have moved. */
function describeBaseline(judged: Judged[]): string {
  const ratios = judged.filter(({ objective, judgement }) => {
    return objective.metric.kind === 'regression' && judgement.estimate !== null;
  });
  const moved = ratios.filter(({ judgement: { interval } }) => {
    const [lower, upper] = interval;
    return (lower ?? 0) > 1 || (upper ?? Number.POSITIVE_INFINITY) < 1;
  });
  const changes = [
    ...moved.map(({ objective, judgement }) =>
      escapeMarkdown(`${objective.id} ${formatEstimate(objective, judgement)}`),
    ),
    `no clear change in ${ratios.length - moved.length} of ${counted(ratios.length, 'figure')}`,
  ];
  return `Against the baseline: ${ratios.length === 0 ? 'nothing was compared' : changes.join(', ')}.`;
}

function foldedParts(summary: Summary, judged: Judged[]): [title: string, body: string][] {
  const { run, notMeasured, notSelected, knownGaps, findings } = summary;
  const environment = Object.entries({ run: run.id, ...run.environment });
  return [
    [`All ${counted(judged.length, 'objective')}`, objectivesTable(judged)],
    ['Found', list(findings)],
    [
      counted(knownGaps.length, 'known gap'),
      table({
        head: ['Gap', 'State', 'What', 'Observed', 'Planned for', 'Impact'],
        rows: knownGaps.map(({ id, state, what, observed, release, impact }) => {
          return [id, GAP_STATES[state], what, observed, release, impact];
        }),
      }),
    ],
    [
      `${notMeasured.length} not measured`,
      list(notMeasured.map(({ id, reason }) => `${id}: ${reason}`)),
    ],
    [
      `${notSelected.length} not selected: no test of this run judges these`,
      notSelected.map(escapeMarkdown).join(', '),
    ],
    ['Stalls of the target', list(stallLines(summary))],
    ['Under load', summary.loads.flatMap(loadParts).join('\n\n')],
    ['The harness itself', `${table(harnessTable(summary))}\n\n${HARNESS_RULE}`],
    ['Environment', list(environment.map(([name, value]) => `${name}: ${value ?? 'unknown'}`))],
  ];
}

function objectivesTable(judged: Judged[]): string {
  return table({
    head: ['Objective', 'Measured', 'n', 'Bad', 'Set aside', 'Failed', 'Verdict'],
    rows: judged.map(({ objective, judgement }) => {
      const { n, bad, setAside, failed } = judgement;
      return [
        describeObjective(objective),
        `${formatEstimate(objective, judgement)} at ${percent(judgement.confidence)}`,
        ...[n, bad, setAside, failed].map(formatCount),
        formatVerdict(judgement),
      ];
    }),
  });
}

function formatVerdict(judgement: Judged['judgement']): string {
  return `${MARKS[chooseMark(judgement)]} ${formatMark(chooseMark(judgement))}`;
}

function loadParts(load: Summary['loads'][number]): string[] {
  const { model, blocks } = describeLoad(load);
  const parts = blocks.map((block) => (Array.isArray(block) ? list(block) : table(block)));
  return [
    `#### ${escapeMarkdown(`${load.workload}: ${model}`)}`,
    ...parts.filter((part) => part !== ''),
  ];
}

function list(items: string[]): string {
  return items.map((item) => `- ${escapeMarkdown(item)}`).join('\n');
}

/** Without rows there is no table. */
function table({ head, rows }: Table): string {
  if (rows.length === 0) return '';
  return [
    head.map(escapeMarkdown),
    head.map(() => '---'),
    ...rows.map((row) => row.map(escapeMarkdown)),
  ]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

/** ASCII punctuation that can be markup. A dot within a number and a dash within a word cannot. */
const MARKUP = /[\\`*_[\]<>()#+!|~&:@$/^]|(?<!\w)-|-(?!\w)|(?<!\d)\.|\.(?!\d)/g;

/**
 * Escapes text for Markdown and its table cells: a backslash removes the meaning of ASCII punctuation (CommonMark 0.31, 2.4; GitHub's
 * tables, autolinks and formulas use the same characters). GitHub looks for mentions of people and issues in the rendered text, so a
 * space without width ends what could be one.
 */
export function escapeMarkdown(text: string): string {
  return plainText(text)
    .replaceAll(MARKUP, '\\$&')
    .replaceAll(/[@#](?=\w)/g, '$&&#8203;');
}
