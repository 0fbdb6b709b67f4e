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

export type RequestListener = (
  incoming: NodeBindings['incoming'],
  outgoing: NodeBindings['outgoing'],
) => unknown;

/**
 * A server, not listening yet, that speaks HTTP/1.1 and HTTP/2 with prior knowledge (RFC 9113, 3.3) on one port: AWS's SDK for
 * JavaScript speaks the latter to Bedrock. The first bytes decide. A connection that sends none is closed after a minute.
 */
export function serveBothProtocols(
  listener: RequestListener,
  silentForMs = SILENT_FOR_MS,
): http.Server {
  // Idle connections stay open: a client that sends just as one is closed would meet a reset that no provider sent.
  const server = http.createServer({ keepAliveTimeout: 0 }, listener);
  const http2Server = http2.createServer(listener);
  // When a client breaks off, its streams report the abort themselves.
  http2Server.on('sessionError', () => {});

  // The HTTP/1.1 server is the one that listens: otherwise Deno's closes each connection after its first answer.
  const http1Listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => {});
    const silence = setTimeout(() => socket.destroy(), silentForMs);
    socket.once('close', () => clearTimeout(silence));
    let seen: Buffer = Buffer.alloc(0);
    const chooseProtocol = (bytes: Buffer): void => {
      seen = Buffer.concat([seen, bytes]);
      const start = seen.subarray(0, HTTP2_PREFACE_START.length);
      const isHttp2 = start.equals(HTTP2_PREFACE_START.subarray(0, start.length));
      if (isHttp2 && start.length < HTTP2_PREFACE_START.length) return;
      socket.off('data', chooseProtocol);
      clearTimeout(silence);
      // The bytes that are put back wait for the protocol's server, which gets the socket once the current read has ended: Deno's
      // socket would lose what follows.
      socket.pause();
      socket.unshift(seen);
      setImmediate(() => {
        if (isHttp2) {
          // The server that listens allows half-closed connections; in HTTP/2 a client that ends has left.
          socket.once('end', () => socket.end());
          http2Server.emit('connection', socket);
        } else {
          for (const listen of http1Listeners) listen.call(server, socket);
          socket.resume();
        }
      });
    };
    socket.on('data', chooseProtocol);
  });
  return server;
}
