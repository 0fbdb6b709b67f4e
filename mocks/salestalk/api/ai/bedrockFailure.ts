import { AiCallError, type AiFailureReason } from './aiCallError.ts';
import { aiStatusError } from './aiStatusError.ts';

/** Exceptions that Bedrock sends inside a stream, where the status has long been 200. */
const streamed: Record<string, AiFailureReason> = {
  ThrottlingException: 'throttled',
  ModelTimeoutException: 'timeout',
  ValidationException: 'rejected',
  InternalServerException: 'server',
  ModelStreamErrorException: 'server',
  ServiceUnavailableException: 'server',
};

/** Runs `work`, and says in SalesTalk's terms what the AWS SDK threw. */
export async function bedrockFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AiCallError) throw cause;
    const error = asSdkError(cause);
    const status = error.$response?.statusCode ?? error.$metadata?.httpStatusCode;
    if (status !== undefined && status >= 400) {
      throw aiStatusError(status, error.$response?.headers?.['retry-after'] ?? null);
    }
    const name = error.name ?? 'unknown error';
    if (name === 'TimeoutError') {
      throw new AiCallError('timeout', 'the HTTP client waited in vain', { cause });
    }
    throw new AiCallError(streamed[name] ?? 'network', `no whole answer: ${name}`, { cause });
  }
}

type SdkError = {
  name?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; headers?: Record<string, string> };
};

function asSdkError(cause: unknown): SdkError {
  return typeof cause === 'object' && cause !== null ? cause : {};
}
