import type { PacedPiece, WellAnswer } from './pacedAnswer.ts';

/** An answer in pieces, the last of which is sent when the answer is due, milliseconds since the epoch. */
export function streamedAnswer(
  pieces: readonly PacedPiece[],
  options: { dueAtMs: number; headers: Record<string, string> },
): WellAnswer {
  const { dueAtMs, headers } = options;
  return { status: 200, headers, pieces, ending: 'whole', endAtMs: dueAtMs };
}
