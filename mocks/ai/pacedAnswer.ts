import { HttpResponse } from 'msw/http';
import { sleepUntil } from './clock.ts';

/** One piece of an answer and when it is due, milliseconds since the epoch. */
export type PacedPiece = { dueAtMs: number; bytes: Uint8Array<ArrayBuffer> };

/** An HTTP answer as it is sent. `endAtMs`, since the epoch: when its last piece is due, or it is broken off. */
export type PacedAnswer = {
  status: number;
  headers: Record<string, string>;
  pieces: Iterable<PacedPiece>;
  ending: 'whole' | BreakOff;
  endAtMs: number;
};

/** An answer without a fault. It has at least one piece. */
export type IntactAnswer = PacedAnswer & { pieces: readonly PacedPiece[]; ending: 'whole' };

/** How the mock ends an answer early: by a reset, or without an error. */
export type BreakOff = 'reset' | 'truncated';

/** The error with which a body ends that a fault breaks off. The server then breaks off the connection. */
export class BrokenOff extends Error {
  readonly how: BreakOff;

  constructor(how: BreakOff) {
    super(`A fault broke the answer off: ${how}.`);
    this.name = 'BrokenOff';
    this.how = how;
  }
}

/**
 * The response whose body brings each piece when it is due. A body that is broken off fails with `BrokenOff` at its end;
 * one that is cancelled, because the client left, stops waiting.
 */
export function pacedResponse({ status, headers, pieces, ending, endAtMs }: PacedAnswer) {
  const rest = pieces[Symbol.iterator]();
  const cancelled = new AbortController();
  let next = rest.next();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value: piece } = next;
        if (done && ending === 'whole') return controller.close();
        if ((await sleepUntil(done ? endAtMs : piece.dueAtMs, cancelled.signal)) === 'aborted')
          return;
        if (done) return controller.error(new BrokenOff(ending as BreakOff));
        next = rest.next();
        controller.enqueue(piece.bytes);
        if (next.done && ending === 'whole') controller.close();
      },
      cancel() {
        cancelled.abort();
      },
    },
    // No piece is queued: an error would discard it.
    { highWaterMark: 0 },
  );
  return new HttpResponse(body, { status, headers });
}
