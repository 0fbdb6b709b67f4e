import { percent } from '../core/budget/objective.ts';
import { alignRows } from '../core/table.ts';
import { plainText } from '../core/terminalText.ts';
import { formatCount, formatInterval, formatNumber, formatValue } from '../core/verdict/format.ts';
import type { EnvironmentAnalysis, HistoryAnalysis, TargetAnalysis } from './analyseHistory.ts';
import type { ErrorBudget } from './errorBudget.ts';
import type { Flakes } from './flakes.ts';
import { type Change, describeChange } from './trends.ts';

export function formatHistory({ targets }: HistoryAnalysis): string {
  return targets.map((target) => `${targetLines(target).join('\n')}\n`).join('\n');
}

function targetLines(analysis: TargetAnalysis): string[] {
  const { target, runs, from, to, environments, flakes, availability } = analysis;
  return [
    `${plainText(target)}: ${countRuns(runs)}, ${from.slice(0, 10)} to ${to.slice(0, 10)}`,
    ...environments.flatMap((one) => ['', ...environmentLines(one)]),
    '',
    ...stabilityLines({ flakes, availability }),
  ];
}

/** The flake rate with the tests that flaked, and what is left of the error budget. */
export function stabilityLines({
  flakes,
  availability,
}: Pick<TargetAnalysis, 'flakes' | 'availability'>): string[] {
  return [
    `Flake rate: ${describeFlakes(flakes)}`,
    ...flakyTests(flakes),
    ...(availability === null ? ['Availability: no run judged it'] : budgetLines(availability)),
  ];
}

function countRuns(n: number): string {
  return `${formatCount(n)} ${n === 1 ? 'run' : 'runs'}`;
}

const SHOWN_RUNS = 20;

function environmentLines({ environment, runs, trends }: EnvironmentAnalysis): string[] {
  if (environment === null) {
    return [`${countRuns(runs)} in an unknown environment, which can be compared with no other`];
  }
  const { cpu, cores, memoryGiB, os, runtime, browser } = environment;
  const machine = [cpu, `${cores} cores`, `${memoryGiB} GiB`, os, runtime, browser ?? 'no browser'];
  // An estimate is shown where it moved; otherwise the figure of the same operation says enough.
  const shown = trends.filter(({ isFigure, changes }) => isFigure || changes.length > 0);
  const rows = shown.map(({ id, unit, points, changes }) => {
    const values = points.slice(-SHOWN_RUNS).map(({ value }) => value);
    return [id, sparkline(values), formatValue(values.at(-1) ?? 0, unit), describeMoves(changes)];
  });
  const head = ['median', `last ${SHOWN_RUNS} runs`, 'last', 'moved'];
  const cells = [head, ...rows].map((row) => row.map((cell) => plainText(cell)));
  return [
    `${countRuns(runs)} on ${plainText(machine.join(', '))}`,
    ...alignRows(cells, { right: (column) => column === 2 }).map((line) => `  ${line}`),
  ];
}

const MOST_CHANGES = 2;

/** The latest first. */
export function describeMoves(changes: readonly Change[]): string {
  const earlier = changes.length - MOST_CHANGES;
  return [
    ...changes.slice(-MOST_CHANGES).reverse().map(describeChange),
    ...(earlier > 0 ? [`${earlier} earlier`] : []),
  ].join('; ');
}

const BARS = '▁▂▃▅▇';
/** The least part of a value that all bars together stand for, so that noise stays flat. */
const LEAST_SPREAD = 0.2;

function sparkline(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const spread = Math.max(most - least, LEAST_SPREAD * Math.abs(most)) || 1;
  const top = BARS.length - 1;
  return values.map((value) => BARS[Math.round(((value - least) / spread) * top)]).join('');
}

function describeFlakes({ executions, flakes, interval, verdict, needed }: Flakes): string {
  const has = `needs ${formatCount(needed)} executions of tests that ran at least twice at one commit, has ${formatCount(executions)}`;
  if (executions === 0) return `unknown; ${has}`;
  const seen = `${formatCount(flakes)} of ${formatCount(executions)} executions`;
  const rate = `${formatValue(flakes / executions, 'share')} ${formatInterval(interval, 'share')}, ${seen}`;
  if (verdict === 'pass') return `${rate}: below 1 %`;
  if (verdict === 'fail') return `${rate}: above 1 %`;
  return executions < needed ? `${rate}; ${has}` : `${rate}: not clear whether it is below 1 %`;
}

const MOST_TESTS = 10;

function flakyTests({ tests }: Flakes): string[] {
  const left = tests.length - MOST_TESTS;
  return [
    ...tests
      .slice(0, MOST_TESTS)
      .map(({ test, flakes, executions }) => `  ${flakes} of ${executions}: ${plainText(test)}`),
    ...(left > 0 ? [`  and ${left} more tests`] : []),
  ];
}

function budgetLines(budget: ErrorBudget): string[] {
  const { objective, runs, over28Days, over7Days, lastRun, left, interval } = budget;
  const { n, bad } = over28Days;
  const available = `${formatValue(1 - bad / n, 'share')} ${formatInterval(interval, 'share')}`;
  const failed = `${formatCount(bad)} of ${formatCount(n)} requests failed in ${countRuns(runs)} of 28 days`;
  const allowed = `the error budget of ${percent(1 - objective)}`;
  const part = percent(Math.abs(left), 3);
  const rest = left < 0 ? `${allowed} is overspent by ${part}` : `${part} of ${allowed} is left`;
  const [month, week, last] = [over28Days, over7Days, lastRun].map(({ rate }) =>
    formatNumber(rate, '×'),
  );
  return [
    `Availability: ${available}, ${describeEvidence(budget)}: ${failed}`,
    `  ${rest}; burn rate ${month} over 28 days, ${week} over 7 days, ${last} in the last run`,
  ];
}

function describeEvidence({ objective, over28Days, needed, verdict }: ErrorBudget): string {
  if (verdict === 'pass') return `above ${percent(objective)}`;
  if (verdict === 'fail') return `below ${percent(objective)}`;
  if (over28Days.n >= needed) return `not clear whether it is above ${percent(objective)}`;
  return `too few requests to tell, needs ${formatCount(needed)} for ${percent(objective)}`;
}
