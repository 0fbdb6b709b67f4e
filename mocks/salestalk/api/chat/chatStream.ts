import { publicFailure } from '../http/answerFailure.ts';
import type { ChatEvent } from './chatEvent.ts';

/**
 * The events of an answer as NDJSON. The status has long been sent when something fails, so that the last line then is
 * an `error` event. A reader that goes away aborts `caller`, and with it the work behind the stream.
 */
export function chatStream(
  events: AsyncGenerator<ChatEvent, void, undefined>,
  options: { requestId: string; caller: AbortController; report: (failure: unknown) => void },
): ReadableStream<Uint8Array> {
  const { requestId, caller, report } = options;
  const encoder = new TextEncoder();
  const encode = (event: ChatEvent): Uint8Array => encoder.encode(`${JSON.stringify(event)}\n`);

  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await events.next();
        if (next.done) controller.close();
        else controller.enqueue(encode(next.value));
      } catch (failure) {
        if (caller.signal.aborted) return;
        report(failure);
        const error = publicFailure(failure).body(requestId);
        controller.enqueue(encode({ type: 'error', ...error }));
        controller.close();
      }
    },
    cancel: (reason) => caller.abort(reason),
  });
}
