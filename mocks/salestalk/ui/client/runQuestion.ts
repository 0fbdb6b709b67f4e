import { askChat, type ChatRequest } from './askChat.ts';
import { ChatFailure, toChatFailure } from './failure.ts';
import { type Answer, EMPTY_ANSWER, hasEnded, reduceAnswer } from './reduceAnswer.ts';

/**
 * How long the page waits for more of an answer. SalesTalk may wait 120 s for a classification and 30 s for a narrative, and
 * without streaming both pass in silence: the page must not give up first.
 */
const SILENCE_LIMIT_MS = 160_000;

/**
 * Asks one question and follows its answer to the end. It never rejects: a failure is part of the answer. `onChange` is called
 * once per batch of events, with the answer before and after.
 */
export async function runQuestion(
  request: Omit<ChatRequest, 'signal'> & { abort: AbortController },
  onChange: (previous: Answer, next: Answer) => void,
): Promise<Answer> {
  let answer = EMPTY_ANSWER;
  const change = (next: Answer): void => {
    const previous = answer;
    answer = next;
    onChange(previous, next);
  };
  const { abort, ...asked } = request;
  const giveUp = (): void => abort.abort(new ChatFailure('silent'));
  let silence = setTimeout(giveUp, SILENCE_LIMIT_MS);
  try {
    for await (const events of askChat({ ...asked, signal: abort.signal })) {
      clearTimeout(silence);
      silence = setTimeout(giveUp, SILENCE_LIMIT_MS);
      // Also reads what follows the end: an unread body closes the connection, as if the user had left.
      if (!hasEnded(answer)) change(events.reduce(reduceAnswer, answer));
    }
    if (!hasEnded(answer)) throw new ChatFailure('interrupted');
  } catch (cause) {
    if (hasEnded(answer)) return answer;
    const at = { onLine: navigator.onLine, answering: answer !== EMPTY_ANSWER };
    const { kind, detail } = toChatFailure(cause, at);
    change(reduceAnswer(answer, { type: 'failed', kind, detail }));
  } finally {
    clearTimeout(silence);
  }
  return answer;
}
