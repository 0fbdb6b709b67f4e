import { median } from '../../core/statistics/median.ts';

/** Smallest, middle and largest of the values of several runs. */
export type Spread = { min: number; median: number; max: number };

/** @throws RangeError for no values */
export function spreadOf(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}
