/** Why a question got no answer. `detail` is the service's own sentence, where it has one for the user. */
export class ChatFailure extends Error {
  readonly kind: FailureKind;
  readonly detail: string | null;

  constructor(kind: FailureKind, detail: string | null = null) {
    super(kind);
    this.name = 'ChatFailure';
    this.kind = kind;
    this.detail = detail;
  }
}

/** Turns the error that ended a question into a failure. `answering`: the service had begun its answer. */
export function toChatFailure(
  cause: unknown,
  at: { onLine: boolean; answering: boolean },
): ChatFailure {
  if (cause instanceof ChatFailure) return cause;
  if (cause instanceof SyntaxError || cause instanceof RangeError)
    return new ChatFailure('unreadable');
  if (!at.onLine) return new ChatFailure('offline');
  return new ChatFailure(at.answering ? 'interrupted' : 'unreachable');
}

/** What a status other than 2xx means to the user. */
export function statusFailure(status: number): FailureKind {
  if (status === 400) return 'invalid';
  if (status === 401 || status === 403) return 'signedOut';
  if (status === 429) return 'busy';
  if (status === 502) return 'model';
  if (status === 408 || status === 504) return 'silent';
  return 'server';
}

/** What the `error` code inside a stream, whose status is 200, means to the user. */
export function codeFailure(code: string | null): FailureKind {
  if (code === 'AIProviderError') return 'model';
  if (code === 'ValidationError') return 'invalid';
  if (code === 'Unauthorized') return 'signedOut';
  return 'server';
}

const WORDS = {
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

export type FailureKind = keyof typeof WORDS;

/** A failure in plain words; a rejected question also gets the service's own reason. */
export function describeFailure(failure: { kind: FailureKind; detail: string | null }): string {
  const sentence = WORDS[failure.kind];
  return failure.kind === 'invalid' && failure.detail !== null
    ? `${sentence} ${failure.detail}`
    : sentence;
}
