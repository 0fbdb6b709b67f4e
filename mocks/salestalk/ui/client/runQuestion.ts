import { askChat, type ChatRequest } from './askChat.ts';
import { ChatFailure, toChatFailure } from './failure.ts';
import { EMPTY_ANSWER, hasEnded, reduceAnswer } from './reduceAnswer.ts';
import type { Answer } from './types.ts';

/**
 * How long the page waits for the next sign of life. SalesTalk itself may wait 120 s for a classification and 30 s for a
 * narrative, and an answer that is not streamed is silent for both: the page must not give up first. The user can at any time.
 */
const SILENCE_LIMIT_MS = 160_000;

/**
 * Asks one question and follows its answer to the end, whatever that is: it never rejects. `onChange` is called once per
 * batch of events, with the answer before and after.
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
  const silence = silenceTimer(SILENCE_LIMIT_MS, () => abort.abort(new ChatFailure('silent')));
  try {
    for await (const events of askChat({ ...asked, signal: abort.signal })) {
      silence.restart();
      // The rest is read to its end all the same: a body left unread would close the connection, as if the user had left.
      if (!hasEnded(answer)) change(events.reduce(reduceAnswer, answer));
    }
    if (!hasEnded(answer)) throw new ChatFailure('interrupted');
  } catch (cause) {
    if (hasEnded(answer)) return answer;
    const situation = { onLine: navigator.onLine, answering: answer !== EMPTY_ANSWER };
    const { kind, detail } = toChatFailure(cause, situation);
    change(reduceAnswer(answer, { type: 'failed', kind, detail }));
  } finally {
    silence.stop();
  }
  return answer;
}

/**
 * Calls `onSilence` once `limitMs` have passed since the start or the last `restart`. `stop` must be called in the end.
 */
function silenceTimer(limitMs: number, onSilence: () => void): { restart(): void; stop(): void } {
  let timer = setTimeout(onSilence, limitMs);
  return {
    restart() {
      clearTimeout(timer);
      timer = setTimeout(onSilence, limitMs);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
