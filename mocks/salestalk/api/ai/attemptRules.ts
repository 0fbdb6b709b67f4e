import { AiCallError } from './aiCallError.ts';

const FIRST_STEP_MS = 100;
const HTTP_DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** How long SalesTalk waits for its model, and how often it tries. Null or false: switched off. */
export type AiPolicy = {
  /** Longest wait for an answer, for the first chunk of a stream, and from each chunk to the next. */
  attemptTimeoutMs: number | null;
  retries: {
    /** Most attempts at one model call, the first included. */
    attempts: number;
    /** The same where the provider throttles. */
    throttledAttempts: number;
  } | null;
  honoursRetryAfter: boolean;
  /** Most time that one request's model calls may take together, attempts and the waits between them. */
  totalMs: number;
};

/** SalesTalk with its three admitted gaps closed. The total stays under the 30 s after which a gateway gives up. */
export const PLANNED_POLICY: AiPolicy = {
  attemptTimeoutMs: 8_000,
  retries: { attempts: 5, throttledAttempts: 10 },
  honoursRetryAfter: true,
  totalMs: 25_000,
};

/** SalesTalk as it is deployed today: one attempt, as long as the HTTP client waits. */
export const TODAY_POLICY: AiPolicy = {
  attemptTimeoutMs: null,
  retries: null,
  honoursRetryAfter: false,
  totalMs: 25_000,
};

/** What is known when an attempt at a model call has failed. */
type FailedAttempt = {
  /** Of this call, from 1. */
  attempt: number;
  /** What is left of the request's total of time. */
  leftMs: number;
  nowEpochMs: number;
  /** Shares in [0, 1) that spread the waits. */
  jitter: () => number;
};

export type AttemptRules = ReturnType<typeof attemptRules>;

/** Decides how long an attempt at a model call may take, and whether and when another follows. */
export function attemptRules(policy: AiPolicy) {
  const { attemptTimeoutMs, retries, honoursRetryAfter, totalMs } = policy;
  return {
    totalMs,
    /** Longest wait for the provider with so much left of the total, in milliseconds; null for no limit. */
    limitMs: (leftMs: number): number | null =>
      attemptTimeoutMs === null ? null : Math.max(0, Math.min(attemptTimeoutMs, leftMs)),
    /** The wait before the next attempt, in milliseconds; null when the call has failed for good. */
    delayMs(failure: unknown, at: FailedAttempt): number | null {
      const { attempt, leftMs, nowEpochMs, jitter } = at;
      if (retries === null || !(failure instanceof AiCallError) || !failure.mayPass) return null;
      const isThrottled = failure.reason === 'throttled';
      if (attempt >= (isThrottled ? retries.throttledAttempts : retries.attempts)) return null;
      const share = jitter();
      const ownMs = backoffMs(attempt, share);
      const askedMs = honoursRetryAfter ? retryAfterMs(failure.retryAfter, nowEpochMs) : null;
      // All throttled callers got the same Retry-After: without jitter they would come back together.
      const delayMs =
        askedMs === null ? ownMs : Math.max(ownMs, askedMs + share * backoffStepMs(attempt));
      return delayMs < leftMs ? delayMs : null;
    },
  };
}

/** The longest wait after the `failures`-th failure in a row, in milliseconds: 100 × 2^(failures − 1). */
const backoffStepMs = (failures: number): number => FIRST_STEP_MS * 2 ** (failures - 1);

/**
 * The wait after the `failures`-th failure in a row, in milliseconds: `share` in [0, 1) places it between half and the whole of
 * its step. Half always stays, so that jitter cannot undo the exponential growth.
 */
export function backoffMs(failures: number, share: number): number {
  const stepMs = backoffStepMs(failures);
  return stepMs / 2 + (stepMs / 2) * share;
}

/**
 * The wait that a `Retry-After` header asks for, in milliseconds: whole seconds or an HTTP date (RFC 9110, 10.2.3).
 * A date that is past means no wait; null when the header is absent or means nothing.
 */
export function retryAfterMs(header: string | null, nowEpochMs: number): number | null {
  const value = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const atEpochMs = HTTP_DATE.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atEpochMs) ? null : Math.max(0, atEpochMs - nowEpochMs);
}
