import { Buffer } from 'node:buffer';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';

const HTTP2_PREFACE_START = Buffer.from('PRI');
/** After this time without a byte a connection is closed. */
const SILENT_FOR_MS = 60_000;

/** Node's own request and response, of either protocol. */
export type NodeBindings = {
  incoming: IncomingMessage | Http2ServerRequest;
  outgoing: ServerResponse | Http2ServerResponse;
};

/** What a server does with a request, whichever protocol it came by. */
export type RequestListener = (
  incoming: NodeBindings['incoming'],
  outgoing: NodeBindings['outgoing'],
) => unknown;

/**
 * A server that speaks HTTP/1.1 and HTTP/2 with prior knowledge (RFC 9113, 3.3) on one port, distinguished by the first
 * bytes: AWS's SDK for JavaScript speaks the latter to Bedrock, everything else the former. One that sends nothing at all is closed after a minute. Not listening yet.
 */
export function serveBothProtocols(
  listener: RequestListener,
  silentForMs = SILENT_FOR_MS,
): http.Server {
  // Idle connections stay open: a client that sends just as they are closed would meet a reset that no provider sent.
  const server = http.createServer({ keepAliveTimeout: 0 }, listener);
  const http2Server = http2.createServer(listener);
  // A client that breaks off leaves nothing to do here; its streams report the abort themselves.
  http2Server.on('sessionError', () => {});

  // The HTTP/1.1 server has to be the one that listens: Deno's closes each connection after its first answer otherwise.
  const speakHttp1 = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => {});
    const silence = setTimeout(() => socket.destroy(), silentForMs);
    socket.once('close', () => clearTimeout(silence));
    let seen: Buffer = Buffer.alloc(0);
    const sniff = (bytes: Buffer): void => {
      seen = Buffer.concat([seen, bytes]);
      const start = seen.subarray(0, HTTP2_PREFACE_START.length);
      const isHttp2 = start.equals(HTTP2_PREFACE_START.subarray(0, start.length));
      if (isHttp2 && start.length < HTTP2_PREFACE_START.length) return;
      socket.off('data', sniff);
      clearTimeout(silence);
      // Paused, the bytes that are put back wait for the new owner. The hand-over waits for the current read to end: Deno's
      // socket would lose what follows.
      socket.pause();
      socket.unshift(seen);
      setImmediate(() => {
        if (isHttp2) {
          // An HTTP/1.1 server allows half-closed connections; in HTTP/2 the client has left then.
          socket.once('end', () => socket.end());
          http2Server.emit('connection', socket);
        } else {
          for (const speak of speakHttp1) speak.call(server, socket);
          socket.resume();
        }
      });
    };
    socket.on('data', sniff);
  });
  return server;
}
