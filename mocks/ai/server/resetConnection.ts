import { constants, Http2ServerResponse } from 'node:http2';
import type { NodeBindings } from './nodeBindings.ts';

/** Breaks an answer off as a failing network does: a TCP reset, or a reset of the one stream in HTTP/2. */
export function resetConnection({ incoming, outgoing }: NodeBindings): void {
  if (outgoing instanceof Http2ServerResponse)
    outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else incoming.socket.resetAndDestroy();
}
