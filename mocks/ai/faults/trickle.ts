import type { PacedPiece } from '../providers/pacedAnswer.ts';

const MS_A_SECOND = 1000;
const SLICE_MS = 100;

/**
 * The same bytes through a connection that takes so many a second: cut into what it takes in a tenth of a second, each
 * slice due when its last byte has gone through. No byte leaves before its piece was due. Lazy, since slices can be many.
 */
export function* trickle(
  pieces: Iterable<PacedPiece>,
  bytesPerSecond: number,
): Generator<PacedPiece> {
  const sliceBytes = Math.max(1, Math.floor((bytesPerSecond * SLICE_MS) / MS_A_SECOND));
  let freeAtMs = Number.NEGATIVE_INFINITY;
  for (const { dueAtMs, bytes } of pieces) {
    freeAtMs = Math.max(freeAtMs, dueAtMs);
    for (let from = 0; from < bytes.byteLength; from += sliceBytes) {
      const slice = bytes.subarray(from, from + sliceBytes);
      freeAtMs += (slice.byteLength / bytesPerSecond) * MS_A_SECOND;
      yield { dueAtMs: freeAtMs, bytes: slice };
    }
  }
}

/** When the last byte of a trickle is due, milliseconds since the epoch. */
export function trickleEndMs(pieces: Iterable<PacedPiece>, bytesPerSecond: number): number {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  for (const { dueAtMs, bytes } of pieces)
    freeAtMs = Math.max(freeAtMs, dueAtMs) + (bytes.byteLength / bytesPerSecond) * MS_A_SECOND;
  return freeAtMs;
}
