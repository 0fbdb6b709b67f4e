import { BrokenOff } from '../faults/brokenOff.ts';
import type { PacedAnswer } from '../providers/pacedAnswer.ts';
import { sleepUntil } from '../sleepUntil.ts';

/** A piece that is due now. `isLast`: nothing follows it but the answer's end. */
export type DuePiece = { bytes: Uint8Array; isLast: boolean };

/**
 * Hands out each piece when it is due. An answer as a whole is one piece: all that can be done before it is due has been done by then.
 * @throws BrokenOff where the answer ends in that; the signal's reason once it aborts
 */
export async function* duePieces(
  { pieces, ending, endAtMs }: PacedAnswer,
  signal: AbortSignal,
): AsyncGenerator<DuePiece> {
  const rest = pieces[Symbol.iterator]();
  let next = rest.next();
  while (!next.done) {
    const { dueAtMs, bytes } = next.value;
    next = rest.next();
    await dueOrThrow(dueAtMs, signal);
    yield { bytes, isLast: next.done === true && ending === 'whole' };
  }
  if (ending === 'whole') return;
  await dueOrThrow(endAtMs, signal);
  throw new BrokenOff(ending);
}

async function dueOrThrow(atMs: number, signal: AbortSignal): Promise<void> {
  if ((await sleepUntil(atMs, signal)) === 'aborted') throw signal.reason;
}
