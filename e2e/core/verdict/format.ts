import { appendUnit, type Objective, quantileLabel } from '../budget/objective.ts';
import type { Interval } from '../statistics/verdict.ts';
import type { Judgement } from './judgement.ts';

/** `P95 498.7 ms [471.2, 512.3]`, `99.91 % [99.87, 99.95]`, `max 2 calls [2, open]`, or why there is no estimate. */
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

/** `no data`, or `less than 20 requests/s` if the lowest rate of a search was too high. */
export function describeNoEstimate({
  unit,
  interval: [, upper],
}: Pick<Judgement, 'unit' | 'interval'>): string {
  if (unit !== 'requests/s' || upper === null) return 'no data';
  return `less than ${formatValue(upper, unit)}`;
}

/** `P95` for a quantile, `max` for a greatest value, `grows` for a slope, `keeps` for a rate, nothing for a share or a ratio. */
export function statisticLabel({ quantile, unit }: Pick<Objective, 'quantile' | 'unit'>): string {
  if (quantile !== null) return `P${quantileLabel(quantile)}`;
  if (unit.endsWith('/use') || unit.endsWith('/1,000 requests')) return 'grows';
  if (unit === 'requests/s') return 'keeps';
  return unit === 'share' || unit === '×' ? '' : 'max';
}

/** `[471.2, 512.3]`; a null end is `open`. */
export function formatInterval(
  interval: Interval,
  unit: string,
  format = (end: number) => formatNumber(end, unit),
): string {
  const [lower, upper] = interval.map((end) => (end === null ? 'open' : format(end)));
  return `[${lower}, ${upper}]`;
}

// Made once: `toLocaleString` took a fifth of the time of a verdict. Made late: loading the locale takes 20 ms of each command.
let countFormat: Intl.NumberFormat | undefined;

/** 2301 → "2,301". */
export function formatCount(n: number): string {
  countFormat ??= new Intl.NumberFormat('en-US');
  return countFormat.format(n);
}

/** A value with its unit as reports show it: `498.7 ms`, `99.91 %`, `2 calls`, `2.1 ×`. */
export function formatValue(value: number, unit: string): string {
  return appendUnit(formatNumber(value, unit), unit === 'share' ? '%' : unit);
}

/** The number alone: milliseconds with one decimal, shares in percent, bytes grouped by thousands, others rounded by their unit. */
export function formatNumber(value: number, unit: string): string {
  if (unit === 'ms') return value.toFixed(1);
  if (unit === 'share') return formatPercent(value * 100);
  if (unit === 'B') return formatCount(Math.round(value));
  const decimals = DECIMALS[unit];
  return String(Number(decimals === undefined ? value.toPrecision(6) : value.toFixed(decimals)));
}

/** A few dozen values do not support more decimals. `%` is a measured percentage, not a share of events. */
const DECIMALS: Record<string, number> = {
  '×': 2,
  '%': 1,
  shift: 3,
  points: 1,
  'B/use': 0,
  'nodes/use': 2,
  'listeners/use': 2,
  'documents/use': 2,
  'ms/1,000 requests': 2,
  'requests/s': 1,
};

/** Shows two significant digits of the distance to 0 % or 100 %, whichever is nearer: 99.9 % and 99.99 % must look different. */
function formatPercent(percent: number): string {
  const exact = Math.min(Math.abs(percent), Math.abs(100 - percent));
  // 100 − 99.9 is slightly below 0.1 in floating point.
  const distance = Number(exact.toPrecision(9));
  if (distance === 0) return String(percent);
  const decimals = 1 - Math.floor(Math.log10(distance));
  return percent.toFixed(Math.min(6, Math.max(1, decimals)));
}
