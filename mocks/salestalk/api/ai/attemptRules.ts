import { AiCallError } from './aiProvider.ts';

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

/** SalesTalk as it is planned, with its three gaps closed. The total stays under the 30 s after which a gateway gives up. */
export const PLANNED_POLICY: AiPolicy = {
  attemptTimeoutMs: 8_000,
  retries: { attempts: 5, throttledAttempts: 10 },
  honoursRetryAfter: true,
  totalMs: 25_000,
};

/** SalesTalk as it is deployed today: one attempt, which only the HTTP client limits. */
export const TODAY_POLICY: AiPolicy = {
  attemptTimeoutMs: null,
  retries: null,
  honoursRetryAfter: false,
  totalMs: 25_000,
};

type FailedAttempt = {
  /** Number of the attempt at this call, from 1. */
  attempt: number;
  /** Time left of `totalMs`, which all model calls of the request share. */
  leftMs: number;
  nowEpochMs: number;
  /** Shares in [0, 1) that spread the waits. */
  jitter: () => number;
};

export type AttemptRules = ReturnType<typeof createAttemptRules>;

/** Decides how long an attempt at a model call may take, and whether and when another follows. */
export function createAttemptRules(policy: AiPolicy) {
  const { attemptTimeoutMs, retries, honoursRetryAfter, totalMs } = policy;
  return {
    totalMs,
    /** Longest wait for the provider when `leftMs` of the total are left; null for no limit. */
    limitMs: (leftMs: number): number | null =>
      attemptTimeoutMs === null ? null : Math.max(0, Math.min(attemptTimeoutMs, leftMs)),
    /** The wait before the next attempt; null when the call has failed for good. */
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

/** The longest wait after this many failures in a row: 100 × 2^(failures − 1) ms. */
const backoffStepMs = (failures: number): number => FIRST_STEP_MS * 2 ** (failures - 1);

/**
 * The wait after this many failures in a row: half of the step, plus `share` in [0, 1) of the other half as jitter.
 * The fixed half keeps the growth exponential.
 */
export function backoffMs(failures: number, share: number): number {
  const stepMs = backoffStepMs(failures);
  return stepMs / 2 + (stepMs / 2) * share;
}

/**
 * The wait that a `Retry-After` header asks for: whole seconds or an HTTP date (RFC 9110, 10.2.3). 0 for a date that is past;
 * null when the header is absent or invalid.
 */
export function retryAfterMs(header: string | null, nowEpochMs: number): number | null {
  const value = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const atEpochMs = HTTP_DATE.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atEpochMs) ? null : Math.max(0, atEpochMs - nowEpochMs);
}
