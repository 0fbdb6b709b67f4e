import type { z } from 'zod';

/**
 * Why a model call failed.
 * `network`: no answer, or one that broke off. `timeout`: none in time. `throttled`: 429. `server`: 5xx.
 * `rejected`: the provider refused the request. `malformed`: its answer is invalid.
 */
export type AiFailureReason =
  | 'network'
  | 'timeout'
  | 'throttled'
  | 'server'
  | 'rejected'
  | 'malformed';

/** A model call that failed. The message is for the operator, never for the caller. */
export class AiCallError extends Error {
  readonly reason: AiFailureReason;
  /** The provider's `Retry-After`, unread; null where it sent none. */
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
    return this.reason !== 'rejected' && this.reason !== 'malformed';
  }
}

/** The error for an HTTP status that is not a success. */
export function aiStatusError(status: number, retryAfter: string | null): AiCallError {
  return new AiCallError(statusReason(status), `the provider answered ${status}`, { retryAfter });
}

function statusReason(status: number): AiFailureReason {
  if (status === 408) return 'timeout';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'server' : 'rejected';
}

/** Reads the JSON in which a provider wraps the model's words. @throws AiCallError `malformed` */
export function parseProviderJson<T>(text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AiCallError('malformed', 'the provider answered no JSON', { cause });
  }
  const { success, data, error: cause } = schema.safeParse(value);
  if (success) return data;
  throw new AiCallError('malformed', 'the provider answered JSON of another shape', { cause });
}
