/**
 * Why a model call failed.
 * `network`: no answer, or one that broke off. `timeout`: none in time. `throttled`: 429. `server`: 5xx.
 * `rejected`: the provider found fault with the request. `malformed`: it answered nonsense.
 */
export type AiFailureReason =
  | 'network'
  | 'timeout'
  | 'throttled'
  | 'server'
  | 'rejected'
  | 'malformed';

const passing: ReadonlySet<AiFailureReason> = new Set([
  'network',
  'timeout',
  'throttled',
  'server',
]);

/** A model call that failed. The message is for the operator, never for the caller. */
export class AiCallError extends Error {
  readonly reason: AiFailureReason;
  /** The provider's `Retry-After` as it stood, or null. */
  readonly retryAfter: string | null;

  constructor(
    reason: AiFailureReason,
    message: string,
    options?: ErrorOptions & { retryAfter?: string | null },
  ) {
    super(message, options);
    this.name = 'AiCallError';
    this.reason = reason;
    this.retryAfter = options?.retryAfter ?? null;
  }

  /** True when the same call may succeed later. */
  get mayPass(): boolean {
    return passing.has(this.reason);
  }
}
