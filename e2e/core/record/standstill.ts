import { z } from 'zod';

/** A time in which the harness was due to run and did not: its thread was busy, or the machine gave it no CPU. */
export const standstill = z.strictObject({
  /** Since the epoch. */
  fromMs: z.number().positive(),
  durationMs: z.number().positive(),
});

export type Standstill = z.infer<typeof standstill>;
