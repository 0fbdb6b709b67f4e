import type { PacedPiece } from '../providers/pacedAnswer.ts';

/** The pieces that hold the first half of the bytes, at the times they were due. The last of them may be cut. */
export function firstHalf(pieces: readonly PacedPiece[]): PacedPiece[] {
  const totalBytes = pieces.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  let leftBytes = Math.ceil(totalBytes / 2);
  return pieces.flatMap(({ dueAtMs, bytes }) => {
    const kept = bytes.subarray(0, leftBytes);
    leftBytes -= kept.byteLength;
    return kept.byteLength === 0 ? [] : [{ dueAtMs, bytes: kept }];
  });
}
