import { median } from '../../core/statistics/quantile.ts';

/** What several runs came to. */
export type Spread = { median: number; least: number; most: number; runs: number };

/** Null where no run came to anything. @throws RangeError for a value that is not finite */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  return {
    median: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
    runs: values.length,
  };
}

/** From the least to the most; 0 for a single run, which shows none. */
export function widthOf({ least, most }: Spread): number {
  return most - least;
}

/** The median and, where there is more than one run, least to most: `2.4 (2.1 to 2.9)`. */
export function formatSpread(spread: Spread, digits: number): string {
  const text = (value: number): string => formatNumber(value, digits);
  const { median: middle, least, most, runs } = spread;
  return runs === 1 ? text(middle) : `${text(middle)} (${text(least)} to ${text(most)})`;
}

/** With thousands set apart, and a minus that tables align by. */
export function formatNumber(value: number, digits: number): string {
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  // Nothing is left of it but its sign.
  return Number(value.toFixed(digits)) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** Round by round, where both sides have a value: what the machine did to a round it did to both. */
export function pairedRatios(
  above: readonly (number | null)[],
  below: readonly (number | null)[],
): number[] {
  return above.flatMap((value, round) => {
    const other = below[round];
    return value === null || other === null || other === undefined ? [] : [value / other];
  });
}
