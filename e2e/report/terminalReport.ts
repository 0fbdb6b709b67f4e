import { styleText } from 'node:util';
import { alignRows } from '../core/alignedTable.ts';
import { type Objective, percent } from '../core/budget/objective.ts';
import type { RunDurations } from '../core/record/runDurations.ts';
import { HARNESS_RULE } from '../core/verdict/harnessRule.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { wrapText } from '../core/wrapText.ts';
import { harnessLines, type Mark, stallLines } from './describeSummary.ts';
import { loadLines } from './loadLines.ts';
import { objectiveRows } from './objectiveRows.ts';

const COLOURS = { pass: 'green', fail: 'red', inconclusive: 'yellow', knownGap: 'yellow' } as const;
/** Ids on the line of their reason. */
const MOST_BEFORE_A_REASON = 3;
/** Reasons beside those of objectives; a target that is down breaks every test. */
const MOST_REASONS = 10;

/** Colours a text by a verdict where the terminal can show it and the reader wants it (NO_COLOR). */
export function paint(mark: Mark, text: string): string {
  return styleText(COLOURS[mark], text, { stream: process.stdout });
}

export type TerminalOptions = {
  /** What the matcher says of an objective whose test failed, by id: more than the reason. Left out: the reason is shown. */
  messages?: ReadonlyMap<string, string>;
  /** Everything about the harness, and what was not selected by name. */
  verbose?: boolean;
  /** Left out: no table of where the time went. */
  durations?: RunDurations;
};

/**
 * What a run prints of its summary: what failed or is inconclusive, why and what to do; then every objective in a line; then what was not
 * measured, the known gaps, and what each load came to. Of the harness only what concerns a verdict that is not a pass, unless all is asked
 * for.
 */
export function terminalReport(
  summary: Summary,
  objectives: Objective[],
  { messages = new Map(), verbose = false, durations }: TerminalOptions = {},
): string {
  const judged = summary.objectives.flatMap((judgement) => {
    const objective = objectives.find(({ id }) => id === judgement.id);
    return objective === undefined ? [] : [{ objective, judgement }];
  });
  return [
    section('', failureLines(summary, messages)),
    section('', objectiveRows(judged, paint)),
    section(
      'Found:',
      summary.findings.map((finding) => wrapText(finding, 2)),
    ),
    section('Not measured:', notMeasuredLines(summary.notMeasured)),
    section(
      'Not selected:',
      verbose && summary.notSelected.length > 0
        ? [wrapText(summary.notSelected.join(', '), 2)]
        : [],
    ),
    section('Known gaps:', gapLines(summary.knownGaps)),
    section('Stalls of the target:', stallLines(summary)),
    section('Under load:', loadLines(summary.loads)),
    section('Requests to the API:', transportLines(summary)),
    section('The harness itself:', [
      ...harnessLines(summary, verbose ? null : workloadsInQuestion(summary, objectives)),
      ...(verbose ? [wrapText(HARNESS_RULE, 2)] : []),
    ]),
    section('Where the time went:', durations === undefined ? [] : durationLines(durations)),
  ].join('');
}

/** First what the run itself came to grief over, then objective by objective. A miss that a known gap admits stands with its gap. */
function failureLines(
  { verdict, reasons, objectives }: Summary,
  messages: ReadonlyMap<string, string>,
): string[] {
  const left = reasons.length - MOST_REASONS;
  const ofRun = [
    ...reasons.slice(0, MOST_REASONS),
    ...(left > 0 ? [`and ${left} more: see the report`] : []),
  ].map((reason) => `${headOf(verdict, 'run')}: ${wrapText(reason, 4)}`);
  const ofObjectives = objectives.flatMap(({ id, verdict: found, knownGap, reason }) => {
    const message = messages.get(id);
    const isMissed = found !== 'pass' && knownGap === null;
    if (message !== undefined) return [headOf(found, id), ...indented(message), ''];
    return isMissed ? [headOf(found, id), `    ${wrapText(reason, 4)}`, ''] : [];
  });
  const lines = [...ofRun, ...(ofRun.length > 0 ? [''] : []), ...ofObjectives];
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

const SIGNS = { pass: '✓ PASS', fail: '✗ FAIL', inconclusive: '? INCONCLUSIVE' } as const;

function headOf(verdict: Summary['verdict'], what: string): string {
  return `${paint(verdict, SIGNS[verdict])}  ${what}`;
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => (line === '' ? '' : `    ${line}`));
}

/** A target without a page lacks dozens of objectives for one reason: that is said once. */
function notMeasuredLines(notMeasured: Summary['notMeasured']): string[] {
  const reasons = Map.groupBy(notMeasured, ({ reason }) => reason);
  return [...reasons].flatMap(([reason, those]) => {
    const ids = those.map(({ id }) => id).join(', ');
    return those.length <= MOST_BEFORE_A_REASON
      ? [wrapText(`${ids}: ${reason}`, 4)]
      : [wrapText(`${those.length} objectives: ${reason}`, 4), `  ${wrapText(ids, 4)}`];
  });
}

/** Workloads in which the harness stood in its own way, of those whose times are judged by an objective that is not met. */
function workloadsInQuestion(
  { objectives: judged, harness }: Summary,
  objectives: Objective[],
): string[] {
  const stalled = harness.workloads.filter(({ stallMs }) => stallMs > 0);
  const unmet = judged.filter(({ verdict, knownGap }) => verdict !== 'pass' && knownGap === null);
  return objectives
    .filter(({ id, unit }) => unit === 'ms' && unmet.some((one) => one.id === id))
    .flatMap(({ workload }) => workload ?? [])
    .filter((workload) => stalled.some((one) => one.workload === workload));
}

/** Nothing where it is as anyone expects: HTTP/1.1 without TLS, and answers as they are. */
function transportLines({ run }: Summary): string[] {
  const { connections, contentEncoding } = run.environment;
  const isUsual = contentEncoding === undefined && !/TLS|HTTP\/2/.test(String(connections));
  if (isUsual) return [];
  return [
    `${connections}`,
    ...(contentEncoding === undefined
      ? []
      : [
          `answers came encoded (${contentEncoding}) though not asked to be; times are those of the wire`,
        ]),
  ];
}

function section(title: string, lines: string[]): string {
  if (lines.length === 0) return '';
  if (title === '') return `\n${lines.join('\n')}\n`;
  return `\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}

export const GAP_STATES = { open: 'open', closed: 'closed', notMeasured: 'not measured' } as const;

/** For each gap that is listed, what it is and what is planned, and below it what was observed. */
export function gapLines(gaps: Summary['knownGaps']): string[] {
  return gaps.flatMap(({ id, state, what, release, impact, observed }) => [
    wrapText(`${id} (${GAP_STATES[state]}): ${what}; planned for ${release}, impact ${impact}`, 4),
    `  ${wrapText(`observed: ${observed}`, 6)}`,
  ]);
}

const HEAD = ['', 'began at', 'took', 'counted', 'of the run', 'requests', ''];

/** Where the time of a run went, a line for each workload and each kind of rest; what is counted adds up to the run. */
export function durationLines({ durationMs, workloads, rest }: RunDurations): string[] {
  const row = (name: string, countedMs: number): string[] => [
    name,
    '',
    '',
    seconds(countedMs),
    durationMs === 0 ? '' : percent(countedMs / durationMs, 2),
    '',
  ];
  const rows = [
    row('before the first workload (set-up)', rest.beforeMs),
    ...workloads.map((one) => {
      const [name = '', , , counted = '', share = ''] = row(one.workload, one.countedMs);
      const requests = one.requests.toLocaleString('en-US');
      const beside =
        one.beside.length === 0
          ? ''
          : `beside ${one.beside.length} other${one.beside.length === 1 ? '' : 's'}`;
      const took = [seconds(one.fromMs), seconds(one.durationMs)];
      return [name, ...took, counted, share, requests, beside];
    }),
    row('between workloads (tests, browser starts)', rest.betweenMs),
    row('after the last workload (tests, report)', rest.afterMs),
    row('run', durationMs),
  ];
  const lines = alignRows([HEAD, ...rows], { right: (column) => column > 0 && column < 6 });
  const isShared = workloads.some(({ beside }) => beside.length > 0);
  return isShared ? [...lines, SHARED] : lines;
}

const SHARED =
  'Workloads that ran side by side share the time they had in common evenly, as counted.';

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** What a run shows on the terminal beyond the usual. */
export type TerminalSettings = { verbose: boolean; showsDurations: boolean };

/** `PERF_VERBOSE=1`, `PERF_DURATIONS=1`: Playwright takes no options of ours. Empty or 0 counts as unset. */
export function readTerminalSettings(env: NodeJS.ProcessEnv): TerminalSettings {
  const isSet = (name: string): boolean => !['', '0', undefined].includes(env[name]);
  return { verbose: isSet('PERF_VERBOSE'), showsDurations: isSet('PERF_DURATIONS') };
}
