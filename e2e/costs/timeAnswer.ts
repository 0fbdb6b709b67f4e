import { answerTiming } from '../probes/page/answerTiming.ts';
import { ANSWER_SELECTORS, type ChatPage } from '../salestalk/chatPage.ts';

const PATIENCE_MS = 30_000;

/** Click to the frame with the whole answer, by `answerTiming`, in ms. @throws Error for an answer that does not come */
export async function timeByPaint(chat: ChatPage, question: string): Promise<number> {
  const watch = await answerTiming(chat.page, ANSWER_SELECTORS);
  await chat.ask(question);
  const { submitToCompleteMs, outcome } = await watch.ended({ timeoutMs: PATIENCE_MS });
  if (submitToCompleteMs === null) throw new Error(`the answer is ${outcome}`);
  return submitToCompleteMs;
}

/** Request of the page to the last byte of its answer, by Resource Timing, which is there whether anyone looks or not; in ms. */
export async function timeByResource(chat: ChatPage, question: string): Promise<number> {
  await chat.page.evaluate(() => performance.clearResourceTimings());
  const answer = await chat.ask(question);
  await chat.untilComplete(answer, PATIENCE_MS);
  const durations = await chat.page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => new URL(name).pathname === '/chat')
      .map(({ duration }) => duration),
  );
  const [durationMs] = durations;
  if (durationMs === undefined || durations.length > 1) {
    throw new Error(`one question made ${durations.length} requests`);
  }
  return durationMs;
}
