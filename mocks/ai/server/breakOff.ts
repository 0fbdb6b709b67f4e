import type { ServerResponse } from 'node:http';
import { Http2ServerResponse } from 'node:http2';
import { epochMs } from '../clock.ts';
import type { BreakOff } from '../faults/brokenOff.ts';
import type { Call } from '../journal/callLog.ts';
import type { NodeBindings } from './nodeBindings.ts';
import { resetConnection } from './resetConnection.ts';

/**
 * Ends an answer before it is whole, once all that was written has left: a reset would throw it away.
 * (It still does with what the system could not deliver yet, so of a huge half a client sees less.) Truncated, it ends
 * as if that had been all: HTTP/1.1 closes the connection, and the length or the last chunk is missing. HTTP/2 ends the
 * stream, which a client notices only by a content-length, or by what the answer itself lacks.
 */
export async function breakOff(how: BreakOff, env: NodeBindings, call: Call): Promise<void> {
  if (call.status !== null) await written(env);
  if (call.abortedAtMs !== null) return;
  if (how === 'reset') {
    call.brokenOffAtMs = epochMs();
    resetConnection(env);
    return;
  }
  call.lastByteAtMs = epochMs();
  if (env.outgoing instanceof Http2ServerResponse) env.outgoing.stream.end();
  else env.incoming.socket.destroySoon();
}

/** Resolves when everything written so far was handed to the system, or there is nobody left to hand it to. */
function written(env: NodeBindings): Promise<void> {
  // Both protocols' responses have these methods; their overloads only differ in what is not used here.
  const outgoing = env.outgoing as ServerResponse;
  return new Promise((resolve) => {
    outgoing.once('close', resolve);
    outgoing.write(new Uint8Array(0), () => {
      outgoing.off('close', resolve);
      resolve();
    });
  });
}
