import { median } from '../core/statistics/quantile.ts';
import { alignedTable } from '../core/table.ts';
import type { BenchReport, Goal, Turns } from './benchmark.ts';

export function formatReport({ title, tables, goals, notes }: BenchReport, runs: number): string {
  return [
    `### ${title}\n`,
    ...tables.map(alignedTable),
    goals.map((goal) => `- ${formatGoal(goal)}\n`).join(''),
    `${[`${runs} ${runs === 1 ? 'run' : 'runs'} of each.`, ...notes].join(' ')}\n`,
  ].join('\n');
}

function formatGoal({ goal, isReached, found }: Goal): string {
  const outcome = isReached === null ? 'not known' : isReached ? 'reached' : 'not reached';
  return `Goal: ${goal}: **${outcome}** (${found}).`;
}

/** Judges a goal by a figure of these tools. It is unknown if a tool is missing or failed, or there is no figure. */
export function judgeGoal(
  goal: string,
  tools: readonly (Turns<unknown> | undefined)[],
  figure: Spread | null,
  judge: (figure: Spread) => Omit<Goal, 'goal'>,
): Goal {
  const isMeasured = tools.every((turns) => turns !== undefined && describeErrors(turns) === null);
  if (!isMeasured || figure === null) return { goal, isReached: null, found: 'not measured' };
  return { goal, ...judge(figure) };
}

/** Reads a number from the result of a turn; null if the tool does not report it. */
export type Figure<T> = (result: T) => number | null;

/** A cell for each figure of a tool. If a turn failed, the first cell says so. */
export function formatCells<T>(
  turns: Turns<T>,
  figures: readonly Figure<T>[],
  digits: number | readonly number[],
): string[] {
  const failure = describeErrors(turns);
  return figures.map((figure, at) => {
    if (failure !== null) return at === 0 ? failure : '–';
    const ownDigits = typeof digits === 'number' ? digits : (digits[at] ?? 0);
    return formatSpread(computeSpread(collectValues(turns, figure)), ownDigits);
  });
}

/** The first error of a tool, and how many turns failed; null if none did. */
export function describeErrors({ errors, results }: Turns<unknown>): string | null {
  const [first] = errors;
  return first === undefined
    ? null
    : `error in ${errors.length} of ${results.length}: ${first.split('\n')[0]}`;
}

export function collectValues<T>({ results }: Turns<T>, figure: Figure<T>): number[] {
  return results
    .map((result) => (result === null ? null : figure(result)))
    .filter((value) => value !== null);
}

/** A figure of two tools, from the rounds in which both have one: within a round the machine treats both alike. */
export function pairByRound<T>(
  one: Turns<T> | undefined,
  other: Turns<T> | undefined,
  figure: Figure<T>,
): [number, number][] {
  return (one?.results ?? []).flatMap((result, round): [number, number][] => {
    const otherResult = other?.results[round] ?? null;
    if (result === null || otherResult === null) return [];
    const [value, otherValue] = [figure(result), figure(otherResult)];
    return value === null || otherValue === null ? [] : [[value, otherValue]];
  });
}

export function ratioByRound<T>(
  one: Turns<T> | undefined,
  other: Turns<T> | undefined,
  figure: Figure<T>,
): Spread | null {
  return computeSpread(pairByRound(one, other, figure).map(([value, base]) => value / base));
}

export type Spread = { median: number; least: number; most: number; runs: number };

/** Null without values. @throws RangeError for a value that is not finite */
export function computeSpread(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  return {
    median: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
    runs: values.length,
  };
}

/** The median and, for more than one run, least to most: `2.4 (2.1 to 2.9)`. */
export function formatSpread(spread: Spread | null, digits: number): string {
  if (spread === null) return 'not reported';
  const [middle, least, most] = [spread.median, spread.least, spread.most].map((value) =>
    formatNumber(value, digits),
  );
  return spread.runs === 1 ? `${middle}` : `${middle} (${least} to ${most})`;
}

/** A share with one decimal: `12.5 %`. */
export function formatPercent(share: number): string {
  return `${formatNumber(share * 100, 1)} %`;
}

/** With thousands separated, and a minus sign as wide as a digit; a value that rounds to zero has no sign. */
export function formatNumber(value: number, digits: number): string {
  return value
    .toLocaleString('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: 'negative',
    })
    .replace('-', '−');
}
