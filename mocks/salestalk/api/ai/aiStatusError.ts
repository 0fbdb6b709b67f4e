import { AiCallError, type AiFailureReason } from './aiCallError.ts';

/** The error for an HTTP status that is not a success. 408 and 429 may pass, as may 5xx; any other is final. */
export function aiStatusError(status: number, retryAfter: string | null): AiCallError {
  return new AiCallError(reasonOf(status), `the provider answered ${status}`, { retryAfter });
}

function reasonOf(status: number): AiFailureReason {
  if (status === 408) return 'timeout';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'server' : 'rejected';
}
