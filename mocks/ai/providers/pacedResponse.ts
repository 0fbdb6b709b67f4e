import { HttpResponse } from 'msw/http';
import { sleepUntil } from '../sleepUntil.ts';

/** One piece of an answer and when it is due, milliseconds since the epoch. */
export type PacedPiece = { dueAtMs: number; bytes: Uint8Array };

/**
 * A response that hands out each piece when it is due, and nothing more once the signal aborts. An answer as a whole is
 * one piece: all that can be done before it is due has been done by then.
 */
export function pacedResponse(
  pieces: readonly PacedPiece[],
  options: { signal: AbortSignal; headers: Record<string, string> },
) {
  const { signal, headers } = options;
  let position = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = pieces[position];
      if (piece === undefined) return controller.close();
      if ((await sleepUntil(piece.dueAtMs, signal)) === 'aborted')
        return controller.error(signal.reason);
      position += 1;
      controller.enqueue(piece.bytes);
      if (position === pieces.length) controller.close();
    },
  });
  return new HttpResponse(body, { headers });
}
