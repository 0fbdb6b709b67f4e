import { Buffer } from 'node:buffer';
import type { NodeBindings } from './nodeBindings.ts';

/** Hands over a request's body once it has ended. A client that leaves in the middle ends it in HTTP/2; in HTTP/1.1 it never ends then. */
export function readBody(
  incoming: NodeBindings['incoming'],
  done: (body: Buffer) => unknown,
): void {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const [only] = chunks;
    done(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
  });
}
