import { AiCallError } from '../ai/aiProvider.ts';
import type { Clock } from '../clock.ts';

const LOG_INTERVAL_MS = 1_000;

/** Body of every answer that is not a success. */
export type ErrorBody = { error: string; message: string; requestId: string };

type ErrorStatus = 400 | 401 | 404 | 405 | 500 | 502;

/** A failure as the caller sees it, with its status and the `error` code of the body. */
export class ApiError extends Error {
  readonly status: ErrorStatus;
  readonly code: string;

  constructor(status: ErrorStatus, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }

  body(requestId: string): ErrorBody {
    return { error: this.code, message: this.message, requestId };
  }
}

export function validationError(message: string): ApiError {
  return new ApiError(400, 'ValidationError', message);
}

/** What the caller sees of a failure: nothing that only the operator should know. */
export function publicFailure(failure: unknown): ApiError {
  if (failure instanceof ApiError) return failure;
  if (failure instanceof AiCallError) {
    return new ApiError(502, 'AIProviderError', 'The AI provider could not answer.');
  }
  return new ApiError(500, 'InternalServerError', 'Something went wrong on our side.');
}

/**
 * Logs failures for the operator, at most one a second, so that a provider that is down does not flood the log. The next
 * line says how many were left out. No line contains what the model wrote or what the user asked.
 */
export function createFailureLog(
  clock: Clock,
  write: (line: string) => void,
): (failure: unknown) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  return (failure) => {
    const nowMs = clock.monotonicMs();
    if (nowMs - lastMs < LOG_INTERVAL_MS) {
      leftOut += 1;
      return;
    }
    const more = leftOut === 0 ? '' : ` (and ${leftOut} failures before that were not shown)`;
    write(`salestalk: ${describeFailure(failure)}${more}`);
    lastMs = nowMs;
    leftOut = 0;
  };
}

function describeFailure(failure: unknown): string {
  if (failure instanceof AiCallError)
    return `model call failed, ${failure.reason}: ${failure.message}`;
  if (failure instanceof Error) return failure.stack ?? failure.message;
  return String(failure);
}
