import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { raw } from 'hono/html';
import type { RunRecord } from '../../core/record/runRecord.ts';
import { HARNESS_RULE } from '../../core/verdict/harnessInterference.ts';
import type { Summary } from '../../core/verdict/runSummary.ts';
import {
  counted,
  countMarks,
  formatStart,
  GAP_STATES,
  harnessTable,
  milliseconds,
} from '../describeSummary.ts';
import { nextSteps, type Rerun } from '../nextSteps.ts';
import { formatCells } from '../objectiveRows.ts';
import type { RunHistory } from '../runHistory.ts';
import { Figures } from './figures.ts';
import { historySection } from './history.ts';
import { MeasurementList } from './measurementList.ts';
import {
  badge,
  judgedRows,
  nameOf,
  objectivesSection,
  type Row,
  WORST_FIRST,
} from './objectives.ts';
import { operationsSection } from './operations.ts';
import { type Html, html, LIST, linesOf, list, table } from './template.ts';

/** What the page is made of. */
export type PageInput = {
  summary: Summary;
  record: RunRecord;
  history: RunHistory;
  /** The folder of the record, where Lighthouse's reports are; null: not on this machine. */
  reportDir: string | null;
  /** The command that judges an objective again. */
  rerunOf: (id: string) => Rerun;
  /** Playwright's report, relative to the page; null: there is none. */
  playwrightReport: string | null;
};

const RECORD_FILE = 'measurements.ndjson';
const readPart = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The report of a run as one page that loads nothing else. A defect of the page must not cost the verdict, so that it is shown instead. */
export function reportPage(input: PageInput): string {
  try {
    return buildPage(input);
  } catch (error) {
    return html`<!doctype html><html lang="en"><meta charset="utf-8"><title>Report</title>
<p>${verdictSentence(input.summary)}</p><p>This page could not be made; summary.md has the results. ${String(error)}</p></html>\n`.toString();
  }
}

function buildPage(input: PageInput): string {
  const { summary, record, history, reportDir } = input;
  const { objectives } = record.run;
  const [style, script] = [readPart('style.css'), readPart('filter.js')];
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const rows = judgedRows(summary, record);
  const measurements = new MeasurementList(record);
  const figures = new Figures();
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${verdictSentence(summary)}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
${verdictSection(input, rows)}
${objectivesSection(rows, { ...input, measurements })}
${gapsSection(summary)}
${notMeasuredSection(summary)}
${operationsSection(rows, { record, summary, history, reportDir, figures, measurements })}
${historySection({ objectives, history, figures, measurements })}
${environmentSection(summary)}
${measurements.section(RECORD_FILE)}
</main>
<script>${raw(script)}</script>
</body>
</html>
`;
  return page.toString();
}

/** The verdict in one sentence. */
export function verdictSentence({ verdict, objectives }: Summary): string {
  const [missed = 0, undecided = 0, excused = 0, met = 0] = WORST_FIRST.map((mark) =>
    countMarks(objectives, mark),
  );
  const total = counted(objectives.length, 'objective');
  const be = (n: number) => `${n} ${n === 1 ? 'is' : 'are'}`;
  const of = (n: number) => `${n} of ${total} ${n === 1 ? 'is' : 'are'}`;
  if (verdict === 'inconclusive') {
    return undecided === 0
      ? 'The run is inconclusive: it did not come to its end, so nothing is certain.'
      : `The run is inconclusive: no objective is missed, but ${of(undecided)} undecided.`;
  }
  const rest = [
    ...(undecided === 0 ? [] : [`${be(undecided)} undecided`]),
    ...(excused === 0 ? [] : [`${be(excused)} missed as a known gap`]),
  ];
  if (verdict === 'fail') {
    return missed === 0
      ? 'The run fails, though no objective is missed: see the problems below.'
      : `The run fails: ${LIST.format([`${of(missed)} missed`, ...rest])}.`;
  }
  const all = met === objectives.length ? `all ${total} are met` : `${of(met)} met`;
  return `The run passes: ${LIST.format([all, ...rest])}.`;
}

/** More are only counted. */
const MOST_STEPS = 3;

function verdictSection({ summary, rerunOf, playwrightReport }: PageInput, rows: Row[]): Html {
  const { run, verdict, reasons, findings } = summary;
  const unmet = rows.filter(({ mark }) => mark === 'fail' || mark === 'inconclusive');
  const steps = unmet.slice(0, MOST_STEPS).map(({ anchor, objective, judgement }) => {
    const [step = ''] = nextSteps(objective, judgement, rerunOf(objective.id));
    const [, , , measured, interval, limit] = formatCells({ objective, judgement }, false);
    return html`<a href="#${anchor}">${nameOf(objective)}</a> is ${measured} ${interval} in ${counted(judgement.n, 'event')}, the objective ${limit}.
${judgement.verdict === 'inconclusive' && html`<br><strong>Undecided:</strong> ${judgement.reason}.`}
<br><strong>Next:</strong> ${linesOf(step)}`;
  });
  const left = unmet.length - steps.length;
  return html`<header>
<h1 class="verdict ${verdict}">${badge(verdict)} ${verdictSentence(summary)}</h1>
<p class="muted">Target ${run.target}, commit ${run.commit ?? 'unknown'}, started ${formatStart(run.startedAt)}, took ${Math.round(run.durationMs / 1000)} s, run <code>${run.id}</code>.</p>
<h2>What to do next</h2>
${reasons.length > 0 && html`<p>Besides the objectives, the run has these problems:</p>${list(reasons)}`}
${steps.length > 0 && list([...steps, ...(left > 0 ? [html`${left} more: see the <a href="#objectives">objectives</a>.`] : [])])}
${steps.length + reasons.length === 0 && html`<p>Nothing has to be done. The <a href="#objectives">objectives</a> below show how far each is from its limit.</p>`}
${findings.length > 0 && html`<p>Also found:</p>${list(findings)}`}
<nav aria-label="Other files of this run"><p>${playwrightReport !== null && html`<a href="${playwrightReport}">Each test with its plot and evidence (Playwright's report)</a>, `}<a href="${RECORD_FILE}">all measurements (${RECORD_FILE})</a>, <a href="summary.json">the results for programs (summary.json)</a>.</p></nav>
${HOW_TO_READ}
</header>`;
}

const TERMS = {
  objective: 'What the target must keep to, such as 95 % of its answers in less than 2 seconds.',
  event: 'One observation that an objective judges, mostly one request. n is the number of events.',
  'P50, P95':
    '50 % and 95 % of the values are at or below this one. P50 is the middle, P95 what a slow request takes.',
  interval:
    'Where the true value lies, given that only some requests were measured. More events make it narrower. "open" means that the data set no limit at that end.',
  PASS: 'If the objective were missed, a result as good as this would be rare: at most 5 of 100 runs, unless the budget says otherwise.',
  FAIL: 'The objective is missed. If all objectives were met, at most 1 of 100 runs would fail.',
  INCONCLUSIVE:
    'The data show neither. The row says what is missing. It counts as a failure of the run.',
  'KNOWN GAP':
    'The objective is missed, and the budget says that the target is known to lack this.',
  'own time':
    'The time of a request less the time that the AI model took for it: the part that the code of the target can change.',
  'TTFB, FCP, LCP':
    'When the first byte of a page arrives, when its first part is painted, and when its largest part is.',
  'TBT, INP, CLS':
    'How long a page is blocked while it loads, how long it takes to react, and how much its parts move about.',
  'set aside':
    'Events during which the harness itself was disturbed. They are left out, good and bad alike.',
  'the scale of an objective':
    'The vertical line in the middle is what the objective allows. The dot is the estimate and the bar its interval. A dot left of the line meets the objective; the marks stand for a quarter, half, twice and four times of what is allowed.',
};

const HOW_TO_READ = html`<details><summary>How to read this</summary><dl>
${Object.entries(TERMS).map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>\n`)}</dl></details>`;

function gapsSection({ knownGaps }: Summary): Html | null {
  if (knownGaps.length === 0) return null;
  return html`<section aria-labelledby="gaps"><h2 id="gaps">Known gaps</h2>
<p>What the target is known to lack. While a gap is open, its objectives do not fail the run.</p>
${list(
  knownGaps.map(
    ({ id, state, what, observed, release, impact }) =>
      html`<strong>${id}</strong> (${GAP_STATES[state]}): ${what}, planned for ${release}, impact ${impact}.<br>Observed: ${observed}.`,
  ),
)}</section>`;
}

function notMeasuredSection({ notMeasured, notSelected }: Summary): Html {
  const byReason = [...Map.groupBy(notMeasured, ({ reason }) => reason)];
  const items = byReason.map(
    ([reason, those]) =>
      html`${reason}: ${those.map(({ id }, at) => html`${at > 0 && html`, `}<code>${id}</code>`)}`,
  );
  return html`<section aria-labelledby="not-measured"><h2 id="not-measured">Not measured</h2>
<details><summary>${counted(notMeasured.length, 'objective')} could not be judged, and ${counted(notSelected.length, 'objective')} of the budget belong to tests that were not part of this run</summary>
${list(items)}
${notSelected.length > 0 && html`<p>Not part of this run: ${notSelected.map((id, at) => html`${at > 0 && html`, `}<code>${id}</code>`)}.</p>`}
</details></section>`;
}

function environmentSection(summary: Summary): Html {
  const { run, harness } = summary;
  const showValue = (value: unknown) =>
    typeof value === 'string' ? value : (JSON.stringify(value) ?? 'unknown');
  return html`<section aria-labelledby="environment"><h2 id="environment">Environment and the harness itself</h2>
${table({
  caption: 'Where the run took place',
  head: ['what', 'value'],
  rows: Object.entries(run.environment).map(([name, value]) => [
    name,
    showValue(value ?? 'unknown'),
  ]),
})}
<p>What the harness measured of itself, for each workload. ${HARNESS_RULE}</p>
${table({ caption: 'The harness itself', ...harnessTable(summary) })}
${harness.noopRoundTripMs !== null && html`<p>A request that does no work takes ${milliseconds(harness.noopRoundTripMs)} (median): nothing shorter can be measured.</p>`}
</section>`;
}
