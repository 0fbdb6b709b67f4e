import { z } from 'zod';
import { intervalSchema, verdictName } from '../core/verdict/verdict.ts';

/** One run as a history keeps it: a line of JSON, small enough to keep for years. */
export const historyEntry = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string().min(1),
  startedAt: z.iso.datetime(),
  commit: z.string().nullable(),
  target: z.string(),
  verdict: verdictName,
  objectives: z.array(
    z.strictObject({
      id: z.string(),
      unit: z.string(),
      objective: z.number(),
      estimate: z.number().nullable(),
      interval: intervalSchema,
      n: z.int().nonnegative(),
      verdict: verdictName,
    }),
  ),
});

export type HistoryEntry = z.infer<typeof historyEntry>;
