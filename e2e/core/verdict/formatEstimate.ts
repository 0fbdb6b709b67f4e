import { type Objective, quantileLabel } from '../budget/objective.ts';
import type { Interval } from '../statistics/verdict.ts';
import { formatNumber, formatValue } from './formatValue.ts';
import type { Judgement } from './judgement.ts';

/** `P95 498.7 ms [471.2, 512.3]`, `P50 2.1 × [1.9, 2.2]`, `99.91 % [99.87, 99.95]`, `max 2 calls [2, open]`, or why there is none. */
export function formatEstimate(
  objective: Pick<Objective, 'quantile' | 'unit'>,
  { estimate, interval }: Pick<Judgement, 'estimate' | 'interval'>,
): string {
  const { unit } = objective;
  if (estimate === null) return describeNoEstimate({ unit, interval });
  const parts = [
    statisticLabel(objective),
    formatValue(estimate, unit),
    formatInterval(interval, unit),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** `no data`, but where a rate is searched for it may be that each that was offered was too high. */
export function describeNoEstimate({
  unit,
  interval: [, upper],
}: Pick<Judgement, 'unit' | 'interval'>): string {
  if (unit !== 'requests/s' || upper === null) return 'no data';
  return `less than ${formatValue(upper, unit)}`;
}

/**
 * `P95` for a quantile, `max` for what none may exceed, `grows` for a slope, `keeps` for a rate, nothing for a share of good ones: a share is
 * its own name.
 */
export function statisticLabel({ quantile, unit }: Pick<Objective, 'quantile' | 'unit'>): string {
  if (quantile !== null) return `P${quantileLabel(quantile)}`;
  if (unit.endsWith('/use') || unit.endsWith('/1,000 requests')) return 'grows';
  if (unit === 'requests/s') return 'keeps';
  return unit === 'share' ? '' : 'max';
}

/** `[471.2, 512.3]`; an end that the data do not bound is `open`. */
export function formatInterval(
  interval: Interval,
  unit: string,
  format = (end: number) => formatNumber(end, unit),
): string {
  const [lower, upper] = interval.map((end) => (end === null ? 'open' : format(end)));
  return `[${lower}, ${upper}]`;
}
