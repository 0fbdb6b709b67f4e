import type { RetryAfter } from '../behaviour/faultSchema.ts';

const MS_A_SECOND = 1000;

/**
 * The value of a Retry-After header that leaves at `atMs` since the epoch. A date has whole seconds only, so it is
 * rounded up: whoever heeds it never comes too early.
 */
export function retryAfterHeader(retryAfter: RetryAfter, atMs: number): string {
  if (retryAfter.date === undefined) return String(retryAfter.seconds);
  const dueSeconds = Math.ceil(atMs / MS_A_SECOND) + retryAfter.date.inSeconds;
  return new Date(dueSeconds * MS_A_SECOND).toUTCString();
}
