import type { Piece } from './decodeContent.ts';

/** For what came whole; a decoder of one's own costs more than what it does. */
const WHOLE = new TextDecoder();

/**
 * Text of the pieces of a body, each with its time. A character that is split over pieces belongs to the one that ends it; one that never
 * came whole is not passed over, but stands as U+FFFD.
 * @param endedMs when the body ended, for what is left over then
 */
export function decodePieces(
  pieces: readonly Piece[],
  endedMs: number,
): { atMs: number; text: string }[] {
  const [first] = pieces;
  if (first === undefined) return [];
  if (pieces.length === 1) return [{ atMs: first.atMs, text: WHOLE.decode(first.bytes) }];
  const decoder = new TextDecoder();
  const decoded = pieces.map(({ atMs, bytes }) => ({
    atMs,
    text: decoder.decode(bytes, { stream: true }),
  }));
  const rest = decoder.decode();
  return rest === '' ? decoded : [...decoded, { atMs: endedMs, text: rest }];
}
