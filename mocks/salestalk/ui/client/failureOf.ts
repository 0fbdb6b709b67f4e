import { ChatFailure } from './chatFailure.ts';

/** Whatever ended a question, as a failure with a kind. `answering`: the service had begun its answer. */
export function failureOf(
  cause: unknown,
  situation: { onLine: boolean; answering: boolean },
): ChatFailure {
  if (cause instanceof ChatFailure) return cause;
  if (cause instanceof SyntaxError || cause instanceof RangeError)
    return new ChatFailure('unreadable');
  if (!situation.onLine) return new ChatFailure('offline');
  return new ChatFailure(situation.answering ? 'interrupted' : 'unreachable');
}
