import type { Http2Bindings, HttpBindings } from '@hono/node-server';
import { epochMs } from '../epochMs.ts';
import type { Call } from '../journal/call.ts';
import { resetConnection } from './resetConnection.ts';

/** Node's own request and response, of either protocol. */
export type NodeBindings = HttpBindings | Http2Bindings;

/**
 * Sends a response, stamps the call's first and last byte as they are handed to the socket, and stops when the client
 * goes away. The last byte is stamped right before it goes: a stamp after it can come later than the client has it, and then the
 * client's own time would be less than nothing. An error response becomes a reset. Written here rather than left to @hono/node-server, which holds back
 * the start of a body for a millisecond to see whether more follows.
 */
export async function sendResponse(
  response: Response,
  env: NodeBindings,
  call: Call,
): Promise<void> {
  if (call.abortedAtMs !== null) return;
  if (response.type === 'error') return resetConnection(env);
  // Both protocols' responses have these methods; their overloads only differ in what is not used here.
  const outgoing = env.outgoing as HttpBindings['outgoing'];
  const sendHead = (): void => {
    call.status = response.status;
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  };
  if (response.body !== null) {
    const reader = response.body.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      // The head leaves with the first piece, as a model server knows nothing to say before.
      if (call.status === null) sendHead();
      const hasRoom = outgoing.write(read.value);
      call.firstByteAtMs ??= epochMs();
      call.responseBytes += read.value.byteLength;
      if (!hasRoom) await roomOrClose(outgoing);
    }
  }
  if (call.status === null) sendHead();
  outgoing.end();
  call.lastByteAtMs = epochMs();
  call.firstByteAtMs ??= call.lastByteAtMs;
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
