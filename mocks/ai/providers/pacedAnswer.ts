import type { BreakOff } from '../faults/brokenOff.ts';

/** One piece of an answer and when it is due, milliseconds since the epoch. */
export type PacedPiece = { dueAtMs: number; bytes: Uint8Array };

/** An HTTP answer as it is to go out. `endAtMs`, since the epoch: when its last piece is due, or it is broken off. */
export type PacedAnswer = {
  status: number;
  headers: Record<string, string>;
  pieces: Iterable<PacedPiece>;
  ending: 'whole' | BreakOff;
  endAtMs: number;
};

/** An answer without a fault. It has at least one piece. */
export type WellAnswer = PacedAnswer & { pieces: readonly PacedPiece[]; ending: 'whole' };
