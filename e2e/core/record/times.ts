import { z } from 'zod';
import { quantile, sortInPlace, valueOfRank } from '../statistics/quantile.ts';

/** Quantiles of times in ms, and of how many. Own time is a difference of two clocks, so any of them may be a little under zero. */
export const timesSchema = z
  .strictObject({
    n: z.int().positive(),
    p50Ms: z.number(),
    p95Ms: z.number(),
    p99Ms: z.number(),
    maxMs: z.number(),
  })
  .meta({ id: 'times' });

export type Times = z.infer<typeof timesSchema>;

/** Sorts what it is given. Null of none. @throws RangeError for a time that is not finite */
export function timesOf(valuesMs: Float64Array): Times | null {
  const n = valuesMs.length;
  if (n === 0) return null;
  const sample = sortInPlace(valuesMs);
  return {
    n,
    p50Ms: quantile(sample, 0.5),
    p95Ms: quantile(sample, 0.95),
    p99Ms: quantile(sample, 0.99),
    maxMs: valueOfRank(sample, n),
  };
}
