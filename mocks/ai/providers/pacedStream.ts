import { sleepUntil } from '../sleepUntil.ts';

/** One piece of a streamed answer, made when it is due (milliseconds since the epoch). */
export type PacedPiece = { dueAtMs: number; render: () => Uint8Array };

/** A body that hands out each piece when it is due, and nothing more once the signal aborts. */
export function pacedStream(
  pieces: readonly PacedPiece[],
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let position = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = pieces[position];
      if (piece === undefined) return controller.close();
      if ((await sleepUntil(piece.dueAtMs, signal)) === 'aborted')
        return controller.error(signal.reason);
      position += 1;
      controller.enqueue(piece.render());
      if (position === pieces.length) controller.close();
    },
  });
}
