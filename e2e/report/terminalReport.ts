import { styleText } from 'node:util';
import type { Objective } from '../core/budget/objective.ts';
import { alignRows, FIGURES_ON_THE_RIGHT } from '../core/table.ts';
import { wrapText } from '../core/terminalText.ts';
import { HARNESS_RULE } from '../core/verdict/harnessInterference.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { describeLoad } from './describeLoad.ts';
import { findJudged, GAP_STATES, harnessTable, type Mark, stallLines } from './describeSummary.ts';
import { objectiveRows } from './objectiveRows.ts';
import { formatDurations, type RunDurations } from './runDurations.ts';

const COLOURS = { pass: 'green', fail: 'red', inconclusive: 'yellow', knownGap: 'yellow' } as const;
/** Up to this many ids share a line with their reason. */
const MAX_IDS_BEFORE_REASON = 3;
/** More reasons are only counted: a target that is down breaks every test. */
const MAX_REASONS = 10;

/** Colours a text by its verdict, if the terminal can and NO_COLOR is not set. */
export function paint(mark: Mark, text: string): string {
  return styleText(COLOURS[mark], text, { stream: process.stdout });
}

export function verdictLine(verdict: Summary['verdict'], text: string): string {
  return `Verdict: ${paint(verdict, text)}`;
}

type TerminalOptions = {
  /** Messages of the matcher by the id of the objective. They replace the shorter reason. */
  messages?: ReadonlyMap<string, string>;
  /** Shows everything about the harness, and the objectives that were not selected. */
  verbose?: boolean;
  /** Shown as a table where given. */
  durations?: RunDurations;
};

/**
 * The summary of a run on the terminal: what failed or is inconclusive, why and what to do; a line for every objective; what was not
 * measured, the known gaps and each load. Unless verbose, it shows of the harness only what may explain a verdict that is not a pass.
 */
export function terminalReport(
  summary: Summary,
  objectives: Objective[],
  { messages = new Map(), verbose = false, durations }: TerminalOptions = {},
): string {
  return [
    section('', failureLines(summary, messages)),
    section('', objectiveRows(findJudged(summary, objectives), paint)),
    section(
      'Found:',
      summary.findings.map((finding) => wrapText(finding, 2)),
    ),
    section('Not measured:', notMeasuredLines(summary.notMeasured)),
    section(
      'Not selected (no test of this run judges these):',
      verbose && summary.notSelected.length > 0
        ? [wrapText(summary.notSelected.join(', '), 2)]
        : [],
    ),
    section('Known gaps:', gapLines(summary.knownGaps)),
    section('Stalls of the target:', stallLines(summary)),
    section('Under load:', summary.loads.flatMap(loadLines)),
    section('Requests to the API:', transportLines(summary)),
    section('The harness itself:', [
      ...harnessLines(summary, verbose ? null : workloadsInQuestion(summary, objectives)),
      ...(verbose ? [wrapText(HARNESS_RULE, 2)] : []),
    ]),
    section('Where the time went:', durations === undefined ? [] : formatDurations(durations)),
  ].join('');
}

/** First the failures of the run itself, then those of each objective. A miss that a known gap admits is listed under known gaps. */
function failureLines(
  { verdict, reasons, objectives }: Summary,
  messages: ReadonlyMap<string, string>,
): string[] {
  const left = reasons.length - MAX_REASONS;
  const runFailures = [
    ...reasons.slice(0, MAX_REASONS),
    ...(left > 0 ? [`and ${left} more: see the report`] : []),
  ].map((reason) => `${formatHead(verdict, 'run')}: ${wrapText(reason, 4)}`);
  const objectiveFailures = objectives.flatMap(({ id, verdict: found, knownGap, reason }) => {
    const message = messages.get(id)?.replaceAll(/^(?=.)/gm, '    ');
    const isMissed = found !== 'pass' && knownGap === null;
    if (message === undefined && !isMissed) return [];
    return [[formatHead(found, id), message ?? `    ${wrapText(reason, 4)}`]];
  });
  const blocks = runFailures.length === 0 ? objectiveFailures : [runFailures, ...objectiveFailures];
  return blocks.flatMap((block, at) => (at === 0 ? block : ['', ...block]));
}

const SIGNS = { pass: '✓ PASS', fail: '✗ FAIL', inconclusive: '? INCONCLUSIVE' } as const;

function formatHead(verdict: Summary['verdict'], what: string): string {
  return `${paint(verdict, SIGNS[verdict])}  ${what}`;
}

/** Objectives with the same reason share a line: a target without a page lacks dozens. */
function notMeasuredLines(notMeasured: Summary['notMeasured']): string[] {
  const reasons = Map.groupBy(notMeasured, ({ reason }) => reason);
  return [...reasons].flatMap(([reason, those]) => {
    const ids = those.map(({ id }) => id).join(', ');
    return those.length <= MAX_IDS_BEFORE_REASON
      ? [wrapText(`${ids}: ${reason}`, 4)]
      : [wrapText(`${those.length} objectives: ${reason}`, 4), `  ${wrapText(ids, 4)}`];
  });
}

/** A table of these workloads; null: of all workloads, with the time of a request that does no work. */
function harnessLines(summary: Summary, workloads: readonly string[] | null): string[] {
  const { noopRoundTripMs } = summary.harness;
  const { head, rows } = harnessTable(summary, workloads);
  return [
    ...(rows.length === 0 ? [] : alignRows([head, ...rows], FIGURES_ON_THE_RIGHT)),
    ...(noopRoundTripMs === null || workloads !== null
      ? []
      : [`a request that does no work takes ${noopRoundTripMs.toFixed(1)} ms (median)`]),
  ];
}

/** Workloads during which the harness stalled, if an unmet objective judges their times. */
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

/** Empty for the usual case: HTTP/1.1 without TLS, and answers without encoding. */
function transportLines({ run }: Summary): string[] {
  const { connections, contentEncoding } = run.environment;
  const isUsual = contentEncoding === undefined && !/TLS|HTTP\/2/.test(String(connections));
  if (isUsual) return [];
  return [
    `${connections}`,
    ...(contentEncoding === undefined
      ? []
      : [
          `answers came encoded (${contentEncoding}) although the request did not ask for it; times are those on the wire`,
        ]),
  ];
}

/** Only the slowest; the summary has more. */
const MAX_TENANTS = 3;

function loadLines(load: Summary['loads'][number]): string[] {
  const { model, blocks } = describeLoad(load, MAX_TENANTS);
  const lines = blocks.flatMap((block) => {
    if (Array.isArray(block)) return block;
    return block.rows.length === 0
      ? []
      : alignRows([block.head, ...block.rows], FIGURES_ON_THE_RIGHT);
  });
  return [`${load.workload}: ${model}`, ...lines.map((line) => `  ${line}`)];
}

function section(title: string, lines: string[]): string {
  if (lines.length === 0) return '';
  if (title === '') return `\n${lines.join('\n')}\n`;
  return `\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}

/** Each known gap with its plan, and below it what was observed. */
function gapLines(gaps: Summary['knownGaps']): string[] {
  return gaps.flatMap(({ id, state, what, release, impact, observed }) => [
    wrapText(`${id} (${GAP_STATES[state]}): ${what}; planned for ${release}, impact ${impact}`, 4),
    `  ${wrapText(`observed: ${observed}`, 6)}`,
  ]);
}

/** What the terminal shows beyond the usual. */
type TerminalSettings = { verbose: boolean; showsDurations: boolean };

/** `PERF_VERBOSE=1` and `PERF_DURATIONS=1`, since Playwright takes no options of ours. Empty or 0 counts as unset. */
export function readTerminalSettings(env: NodeJS.ProcessEnv): TerminalSettings {
  const isSet = (name: string): boolean => !['', '0', undefined].includes(env[name]);
  return { verbose: isSet('PERF_VERBOSE'), showsDurations: isSet('PERF_DURATIONS') };
}
