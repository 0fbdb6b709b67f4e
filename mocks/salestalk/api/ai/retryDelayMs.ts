import { AiCallError } from './aiCallError.ts';
import type { AiPolicy } from './aiPolicy.ts';
import { backoffMs } from './backoffMs.ts';
import { retryAfterMs } from './retryAfterMs.ts';

/**
 * How long to wait before the next attempt, in milliseconds, or null when the call has failed for good: the failure will
 * not pass, the attempts are used up, or the wait would take all that is left of the total.
 */
export function retryDelayMs(
  error: unknown,
  at: { attempt: number; leftMs: number; nowEpochMs: number; jitter: () => number },
  policy: AiPolicy,
): number | null {
  if (policy.retries === null || !(error instanceof AiCallError) || !error.mayPass) return null;
  const { attempts, throttledAttempts } = policy.retries;
  if (at.attempt >= (error.reason === 'throttled' ? throttledAttempts : attempts)) return null;
  const asked = policy.honoursRetryAfter ? retryAfterMs(error.retryAfter, at.nowEpochMs) : null;
  const delayMs = asked ?? backoffMs(at.attempt, at.jitter());
  return delayMs < at.leftMs ? delayMs : null;
}
