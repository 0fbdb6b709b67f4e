import { publicFailure } from '../http/failures.ts';
import type { ChatEvent } from './chatEvent.ts';

/**
 * The events of an answer as NDJSON. The status has long been sent when something fails, so that the last line then is
 * an `error` event. When the caller has gone, as `signal` says, there is no last line.
 */
export function chatStream(
  events: AsyncGenerator<ChatEvent, void, undefined>,
  options: { requestId: string; signal: AbortSignal; report: (failure: unknown) => void },
): ReadableStream<Uint8Array> {
  const { requestId, signal, report } = options;
  const encoder = new TextEncoder();
  const encode = (event: ChatEvent): Uint8Array => encoder.encode(`${JSON.stringify(event)}\n`);

  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await events.next();
        if (next.done) controller.close();
        else controller.enqueue(encode(next.value));
      } catch (failure) {
        if (signal.aborted) return;
        report(failure);
        const error = publicFailure(failure).body(requestId);
        controller.enqueue(encode({ type: 'error', ...error }));
        controller.close();
      }
    },
  });
}
