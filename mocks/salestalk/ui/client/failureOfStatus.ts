import type { FailureKind } from './types.ts';

/** What a status other than 2xx means to the user. */
export function failureOfStatus(status: number): FailureKind {
  if (status === 400) return 'invalid';
  if (status === 401 || status === 403) return 'signedOut';
  if (status === 429) return 'busy';
  if (status === 502) return 'model';
  if (status === 408 || status === 504) return 'silent';
  return 'server';
}
