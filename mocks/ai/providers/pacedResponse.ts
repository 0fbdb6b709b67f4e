import { HttpResponse } from 'msw/http';
import { BrokenOff } from '../faults/brokenOff.ts';
import { sleepUntil } from '../sleepUntil.ts';
import type { PacedAnswer } from './pacedAnswer.ts';

/**
 * A response that hands out each piece when it is due, and nothing more once the signal aborts. An answer as a whole is
 * one piece: all that can be done before it is due has been done by then. One that is broken off ends in a BrokenOff.
 */
export function pacedResponse(answer: PacedAnswer, signal: AbortSignal) {
  const { status, headers, ending, endAtMs } = answer;
  const pieces = answer.pieces[Symbol.iterator]();
  let next = pieces.next();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const dueAtMs = next.done ? endAtMs : next.value.dueAtMs;
      if ((await sleepUntil(dueAtMs, signal)) === 'aborted') return controller.error(signal.reason);
      if (!next.done) {
        controller.enqueue(next.value.bytes);
        next = pieces.next();
      } else if (ending !== 'whole') return controller.error(new BrokenOff(ending));
      if (next.done && ending === 'whole') controller.close();
    },
  });
  return new HttpResponse(body, { status, headers });
}
