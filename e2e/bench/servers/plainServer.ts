import { Buffer } from 'node:buffer';
import { createServer } from 'node:net';
import { serveParent } from './serveParent.ts';

// Answers every request with the same few bytes and without reading it, so that what is measured is the client: node:http would be the
// bottleneck. Takes for granted that a request has no body and comes in one piece, as every client here sends it.
const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!',
);

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined).on('data', () => socket.write(ANSWER));
});
serveParent(server);
