import type { TransportFault } from '../behaviour/faultSchema.ts';
import type { PacedAnswer, WellAnswer } from '../providers/pacedAnswer.ts';
import { firstHalf } from './firstHalf.ts';
import { trickle, trickleEndMs } from './trickle.ts';

/** The answer as a bad connection lets it through. `failAtMs`: when one fails that fails before its first byte, since the epoch. */
export function breakTransport(
  answer: WellAnswer,
  fault: TransportFault,
  failAtMs: number,
): PacedAnswer {
  switch (fault.kind) {
    case 'hang':
      return { ...answer, pieces: [], ending: 'reset', endAtMs: Number.POSITIVE_INFINITY };
    case 'reset':
      if (fault.when === 'before')
        return { ...answer, pieces: [], ending: 'reset', endAtMs: failAtMs };
      return { ...half(answer), ending: 'reset' };
    case 'truncate':
      return { ...half(answer), ending: 'truncated' };
    case 'trickle':
      return {
        ...answer,
        pieces: trickle(answer.pieces, fault.bytesPerSecond),
        endAtMs: trickleEndMs(answer.pieces, fault.bytesPerSecond),
      };
  }
}

function half(answer: WellAnswer): PacedAnswer {
  const pieces = firstHalf(answer.pieces);
  return { ...answer, pieces, endAtMs: pieces.at(-1)?.dueAtMs ?? answer.endAtMs };
}
