import { type Behaviour, firstAspect } from './behaviours.ts';
import { type DrawKey, drawLatencyMs, drawSource } from './latency.ts';

/**
 * When the pieces of an answer are due, in milliseconds after the call arrived; the last of them ends the answer. `failAtMs`: when
 * a fault takes effect that precedes the first byte, which is after the latency, or when the first chunk was due.
 */
type AnswerPlan = { plannedMs: number; pieceAtMs: number[]; failAtMs: number };

/**
 * Draws when an answer is due. `behaviours` apply to the call; the first that has an aspect decides it. Where none has `stream`, a
 * streamed answer is spread evenly over the latency. Where none has `latency`, it is due at once.
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

const WORDS_A_PIECE = 3;
const LONG_CHARACTERS = 10_000;
const PIECES_OF_LONG_TEXT = 200;

/**
 * Cuts a text into groups of words, as a model streams it: at least one. Joined they are the text.
 * A long text comes in few large pieces: many small ones would keep the process busy and delay other answers.
 */
export function splitIntoPieces(text: string): [string, ...string[]] {
  const pieces = text.length > LONG_CHARACTERS ? equalPieces(text) : wordPieces(text);
  const [first = text, ...rest] = pieces;
  return [first, ...rest];
}

function wordPieces(text: string): string[] {
  // Each word with the space that follows it.
  const words = text.split(/(?<=\s)(?=\S)/);
  return Array.from({ length: Math.ceil(words.length / WORDS_A_PIECE) }, (_, position) =>
    words.slice(position * WORDS_A_PIECE, (position + 1) * WORDS_A_PIECE).join(''),
  );
}

function equalPieces(text: string): string[] {
  const length = Math.ceil(text.length / PIECES_OF_LONG_TEXT);
  return Array.from({ length: Math.ceil(text.length / length) }, (_, position) =>
    text.slice(position * length, (position + 1) * length),
  );
}
