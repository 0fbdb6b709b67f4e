import { Buffer } from 'node:buffer';
import type { WellAnswer } from './pacedAnswer.ts';

/** An answer of one JSON object that is sent when it is due, milliseconds since the epoch. */
export function wholeAnswer(
  answer: object,
  options: { dueAtMs: number; headers?: Record<string, string> },
): WellAnswer {
  const { dueAtMs, headers } = options;
  const bytes = Buffer.from(JSON.stringify(answer));
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'content-length': String(bytes.byteLength),
      ...headers,
    },
    pieces: [{ dueAtMs, bytes }],
    ending: 'whole',
    endAtMs: dueAtMs,
  };
}
