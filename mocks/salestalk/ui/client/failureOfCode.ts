import type { FailureKind } from './types.ts';

/** What the `error` code inside a stream means to the user: by then the status has long been 200. */
export function failureOfCode(code: string | null): FailureKind {
  if (code === 'AIProviderError') return 'model';
  if (code === 'ValidationError') return 'invalid';
  if (code === 'Unauthorized') return 'signedOut';
  return 'server';
}
