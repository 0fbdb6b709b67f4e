import { type Objective, quantileLabel } from '../budget/objective.ts';
import { formatNumber, formatValue } from './formatValue.ts';
import type { Interval, Judgement } from './verdict.ts';

/** `P95 498.7 ms [471.2, 512.3]`, `P50 2.1 × [1.9, 2.2]`, `99.91 % [99.87, 99.95]`, `max 2 calls [2, open]`, or `no data`. */
export function formatEstimate(
  objective: Pick<Objective, 'quantile' | 'unit'>,
  { estimate, interval }: Pick<Judgement, 'estimate' | 'interval'>,
): string {
  const { unit } = objective;
  if (estimate === null) return 'no data';
  const parts = [
    statisticLabel(objective),
    formatValue(estimate, unit),
    formatInterval(interval, unit),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** `P95` for a quantile, `max` for what none may exceed, `grows` for a slope, nothing for a share of good ones: a share is its own name. */
export function statisticLabel({ quantile, unit }: Pick<Objective, 'quantile' | 'unit'>): string {
  if (quantile !== null) return `P${quantileLabel(quantile)}`;
  if (unit.endsWith('/use')) return 'grows';
  return unit === 'share' ? '' : 'max';
}

/** `[471.2, 512.3]`; an end that the data do not bound is `open`. */
export function formatInterval(interval: Interval, unit: string): string {
  const [lower, upper] = interval.map((end) => (end === null ? 'open' : formatNumber(end, unit)));
  return `[${lower}, ${upper}]`;
}
