import type { ProviderError } from '../faults/faults.ts';

/** Source: errors of InvokeModel, Amazon Bedrock's API reference. A gateway's 502 or 504 has no type. */
const ERRORS: Record<number, { type: string; message: string }> = {
  400: { type: 'ValidationException', message: 'The input does not satisfy the constraints.' },
  403: { type: 'AccessDeniedException', message: 'You have no access to this model.' },
  404: { type: 'ResourceNotFoundException', message: 'There is no such model.' },
  408: { type: 'ModelTimeoutException', message: 'The model took too long.' },
  424: { type: 'ModelErrorException', message: 'The model failed on this request.' },
  429: { type: 'ThrottlingException', message: 'Too many requests, wait before trying again.' },
  500: { type: 'InternalServerException', message: 'An internal server error occurred.' },
  503: { type: 'ServiceUnavailableException', message: 'The service is not available for now.' },
};

/** An error as Bedrock words it: a `message`, and its type in the header from which AWS's SDKs make an exception. */
export function bedrockError(status: number, requestId: string): ProviderError {
  const { type, message } = ERRORS[status] ?? { type: null, message: `Status ${status}.` };
  return {
    headers: {
      'x-amzn-requestid': requestId,
      ...(type === null ? {} : { 'x-amzn-errortype': type }),
    },
    body: JSON.stringify({ message }),
  };
}
