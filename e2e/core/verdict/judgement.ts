import { z } from 'zod';
import { intervalSchema, verdictName } from '../statistics/verdict.ts';

/** The judgement of one objective, as it stands in `summary.json`. */
export const judgementSchema = z.strictObject({
  id: z.string(),
  metric: z.string(),
  unit: z.string(),
  objective: z.number(),
  /** In `unit`; null when there is no event to estimate from. */
  estimate: z.number().nullable(),
  interval: intervalSchema,
  /** Of each end of the interval by itself, at least; the end that a fail rests on holds at the level of a false fail of the run. */
  confidence: z.number().gt(0).lt(1),
  /** Events judged. */
  n: z.int().nonnegative(),
  /** Bad events among them. */
  bad: z.int().nonnegative(),
  /** Events that are not among these because the harness itself disturbed them: chosen by time alone, whether good or bad. */
  setAside: z.int().nonnegative(),
  /** Requests that failed; they count in availability alone. */
  failed: z.int().nonnegative(),
  /** Smallest and greatest value seen; null for shares. */
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Median of the values; null for shares. */
  median: z.number().nullable(),
  designEffect: z.number().positive().nullable(),
  verdict: verdictName,
  /** One sentence: why. */
  reason: z.string(),
  /** Events still missing for a verdict if things go on as they did; null when decided or not foreseeable. */
  stillNeeded: z.int().nonnegative().nullable(),
});

export type Judgement = z.infer<typeof judgementSchema>;
