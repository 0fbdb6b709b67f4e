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
  /** Of each end of the interval, at least: the end that decides a fail has the stricter level of a false fail of the run. */
  confidence: z.number().gt(0).lt(1),
  /** Events judged. */
  n: z.int().nonnegative(),
  bad: z.int().nonnegative(),
  /** Events left out because the harness disturbed them. They are chosen by time alone, good or bad. */
  setAside: z.int().nonnegative(),
  /** Requests that failed; they count only in availability. */
  failed: z.int().nonnegative(),
  /** Of the values seen; null for shares. */
  min: z.number().nullable(),
  max: z.number().nullable(),
  median: z.number().nullable(),
  designEffect: z.number().positive().nullable(),
  verdict: verdictName,
  reason: z.string(),
  /** Further events until the verdict is clear, if they go on as before; null if it is clear or not foreseeable. */
  stillNeeded: z.int().nonnegative().nullable(),
});

export type Judgement = z.infer<typeof judgementSchema>;

/** What a rule decides about one objective; estimates that it does not make are null. */
export type Decision = Pick<Judgement, 'verdict' | 'reason' | 'stillNeeded'> &
  Partial<Pick<Judgement, 'estimate' | 'interval' | 'min' | 'max' | 'median'>>;

/** Makes a decision inconclusive, for a reason that further events would not remove. */
export function withholdVerdict<D extends Decision>(decision: D, reason: string): D {
  return { ...decision, verdict: 'inconclusive', reason, stillNeeded: null };
}
