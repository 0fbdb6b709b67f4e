import type { Objective } from '../../core/budget/objective.ts';
import { formatNumber, formatValue } from '../../core/verdict/format.ts';
import { counted } from '../describeSummary.ts';
import type { RunHistory } from '../runHistory.ts';
import { type Html, html } from './template.ts';

/** Runs that a sparkline shows. */
export const SHOWN_RUNS = 20;
const WIDTH = 100;
const HEIGHT = 22;
const MARGIN = 4;
/** The least part of a value that the whole height stands for, so that noise stays flat. */
const LEAST_SPREAD = 0.2;

/** A line through the values of runs, with a dot for the last one; null for fewer than two. */
export function sparkline(all: readonly number[], unit: string): Html | null {
  const values = all.slice(-SHOWN_RUNS);
  const last = values.at(-1);
  if (values.length < 2 || last === undefined) return null;
  const { least, most, spread } = spreadOf(values);
  const points = values.map((value, at) => {
    const x = MARGIN + ((WIDTH - 2 * MARGIN) * at) / (values.length - 1);
    const y = HEIGHT - MARGIN - ((HEIGHT - 2 * MARGIN) * (value - least)) / spread;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const [x, y] = points.at(-1)?.split(',') ?? [];
  const label = `last ${counted(values.length, 'run')}: ${formatNumber(least, unit)} to ${formatValue(most, unit)}`;
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${label}"><polyline points="${points.join(' ')}"/><circle cx="${x}" cy="${y}" r="3"/></svg>`;
}

/** The range of values, and what the height of their plot stands for. */
export function spreadOf(values: number[]): { least: number; most: number; spread: number } {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return { least, most, spread: Math.max(most - least, LEAST_SPREAD * Math.abs(most)) || 1 };
}

/** The estimates of an objective in the runs that can be compared with this one, without a run that is shown otherwise. */
export function estimatesOf(
  { id, unit }: Objective,
  { comparable }: RunHistory,
  without?: string,
): number[] {
  const runs = comparable.filter((run) => run.id !== without);
  return runs.flatMap(({ objectives }) => {
    const found = objectives.find((one) => one.id === id && one.unit === unit);
    return found?.estimate == null ? [] : [found.estimate];
  });
}
