import { z } from 'zod';

const MS_A_SECOND = 1000;
const LONGEST_RETRY_AFTER_SECONDS = 86_400;

const delaySeconds = z.int().min(0).max(LONGEST_RETRY_AFTER_SECONDS);

/** Both forms of the Retry-After header (RFC 9110, 10.2.3). */
export const retryAfterSchema = z
  .strictObject({
    seconds: delaySeconds.optional(),
    date: z.strictObject({ inSeconds: delaySeconds }).optional(),
  })
  .refine((retryAfter) => Object.keys(retryAfter).length === 1, {
    error: 'expected exactly one of seconds and date',
  });

export type RetryAfter = z.infer<typeof retryAfterSchema>;

/**
 * The value of a Retry-After header that leaves at `atMs` since the epoch. A date has whole seconds only, so it is
 * rounded up: a client that heeds it never comes too early.
 */
export function retryAfterHeader(retryAfter: RetryAfter, atMs: number): string {
  if (retryAfter.date === undefined) return String(retryAfter.seconds);
  const dueSeconds = Math.ceil(atMs / MS_A_SECOND) + retryAfter.date.inSeconds;
  return new Date(dueSeconds * MS_A_SECOND).toUTCString();
}

/** How long a Retry-After header, in either form, asks to wait from `atMs` since the epoch on, in milliseconds. */
export function readRetryAfterMs(header: string, atMs: number): number {
  if (/^\d+$/.test(header)) return Number(header) * MS_A_SECOND;
  return Math.max(0, Date.parse(header) - atMs);
}
