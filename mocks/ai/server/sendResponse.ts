import type { Http2Bindings, HttpBindings } from '@hono/node-server';
import { epochMs } from '../epochMs.ts';
import type { Call } from '../journal/call.ts';
import { resetConnection } from './resetConnection.ts';

/** Node's own request and response, of either protocol. */
export type NodeBindings = HttpBindings | Http2Bindings;

/**
 * Sends a response, stamps the call's first and last byte, and stops when the client goes away. Bytes are stamped right
 * before they are handed to the socket: a stamp after it can come later than the client has them, and what the client
 * took itself would come out below nothing. An error response becomes a reset. Written here rather than left to
 * @hono/node-server, which holds back the start of a body for a millisecond to see whether more follows.
 */
export async function sendResponse(
  response: Response,
  env: NodeBindings,
  call: Call,
): Promise<void> {
  if (call.abortedAtMs !== null) return;
  if (response.type === 'error') {
    call.brokenOffAtMs = epochMs();
    return resetConnection(env);
  }
  // Both protocols' responses have these methods; their overloads only differ in what is not used here.
  const outgoing = env.outgoing as HttpBindings['outgoing'];
  const sendHead = (): void => {
    call.status = response.status;
    call.retryAfter = response.headers.get('retry-after');
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  };
  let sentAtMs: number | null = null;
  if (response.body !== null) {
    const reader = response.body.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      // The head leaves with the first piece, as a model server knows nothing to say before.
      if (call.status === null) sendHead();
      sentAtMs = epochMs();
      call.firstByteAtMs ??= sentAtMs;
      const hasRoom = outgoing.write(read.value);
      call.responseBytes += read.value.byteLength;
      if (!hasRoom) await roomOrClose(outgoing);
    }
  }
  if (call.status === null) sendHead();
  call.lastByteAtMs = sentAtMs ?? epochMs();
  call.firstByteAtMs ??= call.lastByteAtMs;
  outgoing.end();
}

function roomOrClose(outgoing: HttpBindings['outgoing']): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      outgoing.off('drain', go);
      outgoing.off('close', go);
      resolve();
    };
    outgoing.on('drain', go);
    outgoing.on('close', go);
  });
}
