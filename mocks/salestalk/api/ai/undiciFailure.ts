import { errors } from 'undici';
import { AiCallError } from './aiCallError.ts';

/** Runs `work`, and says in SalesTalk's terms what went wrong on the wire. */
export async function undiciFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AiCallError) throw cause;
    if (isTimeout(cause))
      throw new AiCallError('timeout', 'the HTTP client waited in vain', { cause });
    if (cause instanceof errors.ResponseExceededMaxSizeError) {
      throw new AiCallError('malformed', 'the answer is too long', { cause });
    }
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AiCallError('network', `no whole answer: ${message}`, { cause });
  }
}

function isTimeout(cause: unknown): boolean {
  return (
    cause instanceof errors.HeadersTimeoutError ||
    cause instanceof errors.BodyTimeoutError ||
    cause instanceof errors.ConnectTimeoutError
  );
}
