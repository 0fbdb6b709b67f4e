import { AiCallError } from './aiCallError.ts';
import type { AiPolicy } from './aiPolicy.ts';
import { backoffMs, backoffStepMs } from './backoffMs.ts';
import { retryAfterMs } from './retryAfterMs.ts';

/** What is known when an attempt at a model call has failed. */
export type FailedAttempt = {
  /** Of this call, from 1. */
  attempt: number;
  /** What is left of the request's total of time. */
  leftMs: number;
  nowEpochMs: number;
  /** Shares in [0, 1) that spread the waits. */
  jitter: () => number;
};

/** Decides how long an attempt at a model call may take, and whether and when another follows. */
export type AttemptRules = {
  /** Most time that one request's model calls may take together, attempts and the waits between them. */
  totalMs: number;
  /** Longest wait for the provider with so much left of the total, in milliseconds; null for no limit. */
  limitMs(leftMs: number): number | null;
  /** The wait before the next attempt, in milliseconds; null when the call has failed for good. */
  delayMs(failure: unknown, at: FailedAttempt): number | null;
};

/**
 * The decisions that follow from a policy. A call has failed for good when the failure will not pass, the attempts are used
 * up, or the wait would take all that is left of the total.
 */
export function attemptRules(policy: AiPolicy): AttemptRules {
  const { attemptTimeoutMs, retries, honoursRetryAfter, totalMs } = policy;
  return {
    totalMs,
    limitMs: (leftMs) =>
      attemptTimeoutMs === null ? null : Math.max(0, Math.min(attemptTimeoutMs, leftMs)),
    delayMs(failure, { attempt, leftMs, nowEpochMs, jitter }) {
      if (retries === null || !(failure instanceof AiCallError) || !failure.mayPass) return null;
      const isThrottled = failure.reason === 'throttled';
      if (attempt >= (isThrottled ? retries.throttledAttempts : retries.attempts)) return null;
      const share = jitter();
      const ownMs = backoffMs(attempt, share);
      const askedMs = honoursRetryAfter ? retryAfterMs(failure.retryAfter, nowEpochMs) : null;
      // All who were turned away were told the same moment: who comes back on the dot comes back together.
      const delayMs =
        askedMs === null ? ownMs : Math.max(ownMs, askedMs + share * backoffStepMs(attempt));
      return delayMs < leftMs ? delayMs : null;
    },
  };
}
