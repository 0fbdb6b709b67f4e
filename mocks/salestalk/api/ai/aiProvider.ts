import type { z } from 'zod';

export type AiCall = {
  kind: 'classification' | 'narrative';
  prompt: string;
  /** 0 to 1: how freely the model may choose its words. */
  temperature: number;
  /** W3C trace context for the provider, or null when the caller sent none. */
  traceparent: string | null;
  signal: AbortSignal;
};

/** A service that runs a language model. One method call is one HTTP request; failures are `AiCallError`. */
export type AiProvider = {
  readonly name: 'ollama' | 'bedrock';
  complete(call: AiCall): Promise<string>;
  /** The model's answer, chunk by chunk. It ends without an error only if the model said that it was done. */
  stream(call: AiCall): AsyncIterable<string>;
  close(): Promise<void>;
};

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
  const named: Record<number, AiFailureReason> = { 408: 'timeout', 429: 'throttled' };
  const reason = named[status] ?? (status >= 500 ? 'server' : 'rejected');
  return new AiCallError(reason, `the provider answered ${status}`, { retryAfter });
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
