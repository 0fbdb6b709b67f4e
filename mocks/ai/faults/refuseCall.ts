import { Buffer } from 'node:buffer';
import type { RefusalFault } from '../behaviour/faultSchema.ts';
import type { PacedAnswer } from '../providers/pacedAnswer.ts';
import { retryAfterHeader } from './retryAfterHeader.ts';

const TOO_MANY_REQUESTS = 429;

/** What a provider says with a status of 400 or more. */
export type ProviderError = { headers: Record<string, string>; body: string };

/** The error that comes in place of an answer, at `failAtMs` since the epoch. */
export function refuseCall(
  fault: RefusalFault,
  failAtMs: number,
  errorOf: (status: number) => ProviderError,
): PacedAnswer {
  const status = fault.kind === 'rateLimit' ? TOO_MANY_REQUESTS : fault.status;
  const error = errorOf(status);
  const retryAfter = fault.kind === 'rateLimit' ? fault.retryAfter : undefined;
  const text = (fault.kind === 'status' ? fault.body : undefined) ?? error.body;
  const bytes = Buffer.from(text);
  return {
    status,
    headers: {
      ...error.headers,
      'content-type': isJson(text) ? 'application/json' : 'text/plain; charset=utf-8',
      'content-length': String(bytes.byteLength),
      ...(retryAfter === undefined
        ? {}
        : { 'retry-after': retryAfterHeader(retryAfter, failAtMs) }),
    },
    pieces: [{ dueAtMs: failAtMs, bytes }],
    ending: 'whole',
    endAtMs: failAtMs,
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
