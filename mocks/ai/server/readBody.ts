import { Buffer } from 'node:buffer';
import type { NodeBindings } from './nodeBindings.ts';

/** A prompt holds a few thousand characters; this is a thousand times as much. */
export const MOST_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Hands over a request's body once it has ended, or null as soon as it is too large; the rest is thrown away then. A client that leaves in
 * the middle ends it in HTTP/2; in HTTP/1.1 it never ends then.
 */
export function readBody(
  incoming: NodeBindings['incoming'],
  done: (body: Buffer | null) => unknown,
): void {
  let chunks: Buffer[] = [];
  let bytes = 0;
  const isTooLarge = (): boolean => bytes > MOST_BODY_BYTES;
  incoming.on('data', (chunk: Buffer) => {
    if (isTooLarge()) return;
    bytes += chunk.length;
    chunks.push(chunk);
    if (!isTooLarge()) return;
    chunks = [];
    done(null);
  });
  incoming.on('end', () => {
    if (isTooLarge()) return;
    const [only] = chunks;
    done(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
  });
}
