import { Buffer } from 'node:buffer';
import { createServer, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { seededDraw } from '../../core/statistics/seededDraw.ts';
import { delaySource, parseDelay } from './delay.ts';
import { serveParent } from './serveParent.ts';

// Answers after a delay, and keeps for each answer how long it took from the arrival of the request to handing the last byte to the
// socket, by a clock of its own: the truth that clients are held against. GET /log tells it. On bare sockets, since what node:http does
// before and after a listener would be outside of the truth; it takes for granted that a request's head comes in one piece and that no
// body holds an empty line, as every client here sends it.
const STRING = { type: 'string' } as const;
const { values } = parseArgs({ options: { delay: STRING, seed: STRING } });
const nextDelayMs = delaySource(
  parseDelay(values.delay ?? ''),
  seededDraw(Number(values.seed ?? 1)),
);
const END_OF_HEAD = '\r\n\r\n';
const LOG = 'GET /log ';
const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok',
);

/** In the order of arrival; null as long as it is not answered. */
const serviceMs: (number | null)[] = [];

function answerLater(socket: Socket, arrivedAtMs: number): void {
  const place = serviceMs.push(null) - 1;
  setTimeout(() => {
    serviceMs[place] = performance.now() - arrivedAtMs;
    socket.write(ANSWER);
  }, nextDelayMs());
}

function tellLog(socket: Socket): void {
  const body = Buffer.from(JSON.stringify({ serviceMs }));
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.byteLength}\r\nConnection: close`;
  socket.write(`${head}${END_OF_HEAD}`);
  socket.end(body);
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (piece) => {
    const arrivedAtMs = performance.now();
    // The rest of a body.
    if (!piece.includes(END_OF_HEAD)) return;
    if (piece.toString('latin1', 0, LOG.length) === LOG) tellLog(socket);
    else answerLater(socket, arrivedAtMs);
  });
});
serveParent(server);
