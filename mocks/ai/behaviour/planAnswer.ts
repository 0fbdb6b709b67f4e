import type { Behaviour } from './behaviourSchema.ts';
import { drawLatencyMs } from './drawLatencyMs.ts';
import { type DrawKey, drawSource } from './drawSource.ts';

/** When the pieces of an answer are due, in milliseconds after the call arrived; the last of them ends the answer. */
export type AnswerPlan = { plannedMs: number; pieceAtMs: number[] };

/**
 * Draws when an answer is due. `behaviours` apply to the call, the first that has an aspect decides it.
 * A stream without an aspect of its own is spread evenly over the latency. No latency at all means at once.
 */
export function planAnswer(
  behaviours: readonly Behaviour[],
  draw: Omit<DrawKey, 'aspect'>,
  answer: { streamed: boolean; pieces: number },
): AnswerPlan {
  const stream = answer.streamed
    ? behaviours.find((behaviour) => behaviour.stream !== undefined)?.stream
    : undefined;
  if (stream !== undefined) {
    const gaps = drawSource({ ...draw, aspect: 'stream.betweenChunks' });
    let dueMs = drawLatencyMs(
      stream.firstChunk,
      drawSource({ ...draw, aspect: 'stream.firstChunk' }),
    );
    const pieceAtMs = [dueMs];
    while (pieceAtMs.length < answer.pieces) {
      dueMs += drawLatencyMs(stream.betweenChunks, gaps);
      pieceAtMs.push(dueMs);
    }
    return { plannedMs: dueMs, pieceAtMs };
  }
  const latency = behaviours.find((behaviour) => behaviour.latency !== undefined)?.latency;
  const plannedMs =
    latency === undefined ? 0 : drawLatencyMs(latency, drawSource({ ...draw, aspect: 'latency' }));
  const pieceAtMs = Array.from(
    { length: answer.pieces },
    (_, position) => (plannedMs * (position + 1)) / answer.pieces,
  );
  return { plannedMs, pieceAtMs };
}
