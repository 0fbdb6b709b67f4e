import type { ServerResponse } from 'node:http';
import { constants, Http2ServerResponse } from 'node:http2';
import { epochMs } from '../clock.ts';
import type { Call } from '../journal/call.ts';
import { type BreakOff, BrokenOff } from '../pacedAnswer.ts';
import type { NodeBindings } from './serveBothProtocols.ts';

/**
 * Sends each piece of a response as soon as its body yields it, and notes in the call what was sent and when. The head leaves with
 * the first piece. An error response resets the connection; a body that fails with `BrokenOff` ends as that says. @throws any other failure
 */
export async function sendResponse(response: Response, env: NodeBindings, call: Call) {
  if (response.type === 'error') return resetConnection(env, call);
  // The methods used here are the same in HTTP/2.
  const outgoing = env.outgoing as ServerResponse;
  const pieces = response.body?.getReader();
  let isClosed = false;
  const onClose = (): void => {
    isClosed = true;
    pieces?.cancel().catch(() => {});
  };
  outgoing.once('close', onClose);
  const contentLength = Number(response.headers.get('content-length') ?? Number.NaN);
  let sentAtMs: number | null = null;
  try {
    for (;;) {
      const { done, value: bytes } = (await pieces?.read()) ?? { done: true, value: undefined };
      if (isClosed) return;
      if (call.status === null) {
        call.status = response.status;
        call.retryAfter = response.headers.get('retry-after');
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      }
      if (done) break;
      // Stamped before the bytes are written: the client may have them before a later stamp.
      sentAtMs = epochMs();
      call.firstByteAtMs ??= sentAtMs;
      call.responseBytes += bytes.byteLength;
      if (call.responseBytes === contentLength) {
        call.lastByteAtMs = sentAtMs;
        outgoing.end(bytes);
        return;
      }
      if (!outgoing.write(bytes)) await drainedOrClosed(outgoing);
    }
    call.lastByteAtMs = sentAtMs ?? epochMs();
    call.firstByteAtMs ??= call.lastByteAtMs;
    outgoing.end();
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
    await breakOff(error.how, env, call);
  } finally {
    outgoing.off('close', onClose);
  }
}

function drainedOrClosed(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      outgoing.off('drain', settle);
      outgoing.off('close', settle);
      resolve();
    };
    outgoing.on('drain', settle);
    outgoing.on('close', settle);
  });
}

/**
 * Ends an answer before it is whole, once everything written has left: a reset would throw it away. A truncated answer ends without
 * an error: HTTP/1.1 closes the connection, HTTP/2 ends the stream.
 */
async function breakOff(how: BreakOff, env: NodeBindings, call: Call): Promise<void> {
  if (call.status !== null) await flushed(env.outgoing as ServerResponse);
  if (call.abortedAtMs !== null) return;
  if (how === 'reset') return resetConnection(env, call);
  call.lastByteAtMs = epochMs();
  if (env.outgoing instanceof Http2ServerResponse) env.outgoing.stream.end();
  else env.incoming.socket.destroySoon();
}

/** Resolves when the operating system has everything written so far, or the connection is closed. */
function flushed(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once('close', resolve);
    outgoing.write(new Uint8Array(0), () => {
      outgoing.off('close', resolve);
      resolve();
    });
  });
}

/** Breaks an answer off as a failing network does: a TCP reset, or a reset of the one stream in HTTP/2. */
function resetConnection({ incoming, outgoing }: NodeBindings, call: Call): void {
  call.brokenOffAtMs = epochMs();
  if (outgoing instanceof Http2ServerResponse)
    outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else incoming.socket.resetAndDestroy();
}
