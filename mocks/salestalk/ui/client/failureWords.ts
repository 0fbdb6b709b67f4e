import type { FailureKind } from './types.ts';

const words: Record<FailureKind, string> = {
  offline: 'You are offline. Check your connection and try again.',
  unreachable: 'SalesTalk cannot be reached right now.',
  silent: 'This took too long, so we stopped waiting.',
  interrupted: 'The connection was lost before the answer was complete.',
  unreadable: 'The answer could not be read.',
  signedOut: 'Your session has ended. Please sign in again.',
  invalid: 'This question could not be accepted.',
  busy: 'Too many questions at the moment. Wait a little and try again.',
  model: 'The answer could not be written just now.',
  server: 'Something went wrong on our side.',
  stopped: 'You stopped this answer.',
};

/** A failure in plain words; a rejected question also gets the service's own reason. */
export function failureWords(failure: { kind: FailureKind; detail: string | null }): string {
  const sentence = words[failure.kind];
  return failure.kind === 'invalid' && failure.detail !== null
    ? `${sentence} ${failure.detail}`
    : sentence;
}
