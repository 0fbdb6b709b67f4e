import type { ChatAnswer } from './chatAnswer.ts';
import type { ChatEvent } from './chatEvent.ts';

/** Runs an answer to its end and returns what `complete` says. */
export async function wholeAnswer(events: AsyncIterable<ChatEvent>): Promise<ChatAnswer> {
  for await (const event of events) {
    if (event.type !== 'complete') continue;
    const { type: _, ...answer } = event;
    return answer;
  }
  throw new Error('An answer ended without being complete');
}
