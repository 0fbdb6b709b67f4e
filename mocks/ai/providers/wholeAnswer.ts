import { Buffer } from 'node:buffer';
import { pacedResponse } from './pacedResponse.ts';

/** An answer of one JSON object that is sent when it is due, milliseconds since the epoch. */
export function wholeAnswer(
  answer: object,
  options: { dueAtMs: number; signal: AbortSignal; headers?: Record<string, string> },
): ReturnType<typeof pacedResponse> {
  const { dueAtMs, signal, headers } = options;
  const bytes = Buffer.from(JSON.stringify(answer));
  return pacedResponse([{ dueAtMs, bytes }], {
    signal,
    headers: {
      'content-type': 'application/json',
      'content-length': String(bytes.byteLength),
      ...headers,
    },
  });
}
