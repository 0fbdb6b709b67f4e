import { z } from 'zod';

/** A call of the model that has not ended as the AI mock has it; times in ms since the epoch by the mock's own clock. */
export const openCall = z.object({
  scope: z.string().nullable(),
  index: z.number().nullable(),
  kind: z.string(),
  matchedBy: z.enum(['nonce', 'traceparent']).nullable(),
  attempt: z.int().positive(),
  arrivedAtMs: z.number(),
  firstByteAtMs: z.number().nullish(),
  /** When the last byte left, or what the mock gave out as the last: a truncated answer has one too. */
  lastByteAtMs: z.number().nullable(),
  /** When whoever called left. */
  abortedAtMs: z.number().nullable(),
  /** When the mock broke it off, which it was told to. */
  brokenOffAtMs: z.number().nullable(),
  status: z.number().nullable(),
  lateMs: z.number().nullable(),
  expired: z.boolean(),
  /** The fault that it met, or how its answer was spoilt. */
  fault: z.string().nullable(),
  /** Whoever called was asked to wait this long, from the end of the call on. */
  retryAfterMs: z.number().nonnegative().nullable(),
});

/** A call that ended, as the AI mock's journal has it. One of last byte, abort and breaking off is given. */
export const journalEntry = openCall.extend({ seq: z.number() });

export type OpenCall = z.infer<typeof openCall>;
export type JournalEntry = z.infer<typeof journalEntry>;
