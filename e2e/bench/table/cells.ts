import type { Turns } from '../interleave.ts';
import { formatSpread, spreadOf } from './spread.ts';

/** A figure of a tool over its turns; what it does not tell is no zero, and what failed says so. */
export function cellOf<T>(
  turns: Turns<T>,
  figure: (result: T) => number | null,
  digits: number,
): string {
  const failure = failureOf(turns);
  if (failure !== null) return failure;
  const spread = spreadOf(valuesOf(turns, figure));
  return spread === null ? 'not told' : formatSpread(spread, digits);
}

/** Several figures of a tool, side by side; what failed says so once. */
export function cellsOf<T>(
  turns: Turns<T>,
  figures: readonly ((result: T) => number | null)[],
  digits: number | readonly number[],
): string[] {
  const hasFailed = failureOf(turns) !== null;
  return figures.map((figure, at) => {
    if (hasFailed && at > 0) return '–';
    const own = typeof digits === 'number' ? digits : (digits[at] ?? 0);
    return cellOf(turns, figure, own);
  });
}

/** Values of the turns that came to one. */
export function valuesOf<T>({ results }: Turns<T>, figure: (result: T) => number | null): number[] {
  return results.flatMap((result) => {
    const value = result === null ? null : figure(result);
    return value === null ? [] : [value];
  });
}

/** The first thing that went wrong, and how often; null where nothing did. */
export function failureOf({ errors, results }: Turns<unknown>): string | null {
  const [first] = errors;
  return first === undefined
    ? null
    : `error in ${errors.length} of ${results.length}: ${first.split('\n')[0]}`;
}
