import type { Behaviour } from './behaviourSchema.ts';
import { drawLatencyMs } from './drawLatencyMs.ts';
import { type DrawKey, drawSource } from './drawSource.ts';
import { firstAspect } from './firstAspect.ts';

/**
 * When the pieces of an answer are due, in milliseconds after the call arrived; the last of them ends the answer.
 * `failAtMs` is when a model fails that fails before its first byte: after the latency, or when its first chunk was due.
 */
export type AnswerPlan = { plannedMs: number; pieceAtMs: number[]; failAtMs: number };

/**
 * Draws when an answer is due. `behaviours` apply to the call, the first that has an aspect decides it.
 * A stream without an aspect of its own is spread evenly over the latency. No latency at all means at once.
 */
export function planAnswer(
  behaviours: readonly Behaviour[],
  draw: Omit<DrawKey, 'aspect'>,
  answer: { streamed: boolean; pieces: number },
): AnswerPlan {
  const stream = answer.streamed ? firstAspect(behaviours, 'stream') : null;
  if (stream !== null) {
    const gaps = drawSource({ ...draw, aspect: 'stream.betweenChunks' });
    const firstChunkMs = drawLatencyMs(stream.firstChunk, () =>
      drawSource({ ...draw, aspect: 'stream.firstChunk' }),
    );
    let dueMs = firstChunkMs;
    const pieceAtMs = [dueMs];
    while (pieceAtMs.length < answer.pieces) {
      dueMs += drawLatencyMs(stream.betweenChunks, () => gaps);
      pieceAtMs.push(dueMs);
    }
    return { plannedMs: dueMs, pieceAtMs, failAtMs: firstChunkMs };
  }
  const latency = firstAspect(behaviours, 'latency');
  const plannedMs =
    latency === null ? 0 : drawLatencyMs(latency, () => drawSource({ ...draw, aspect: 'latency' }));
  const pieceAtMs = Array.from(
    { length: answer.pieces },
    (_, position) => (plannedMs * (position + 1)) / answer.pieces,
  );
  return { plannedMs, pieceAtMs, failAtMs: plannedMs };
}
