import { Buffer } from 'node:buffer';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Draw, normalDraw, seededDraw } from '../../core/statistics/seededDraw.ts';

/** The kinds of servers that clients are measured against, and their options. */
export type ServerOptions = {
  plain: object;
  sameBytes: { body: string };
  delay: { delay: Delay; seed: number };
  stall: { afterMs: number; forMs: number };
};

const SERVERS: { [Kind in keyof ServerOptions]: (options: ServerOptions[Kind]) => Server } = {
  plain,
  sameBytes,
  delay,
  stall,
};

/** Answers every piece with the same few bytes, unread: node:http would be the bottleneck. Requests must arrive in one piece without a body. */
function plain(): Server {
  const answer = Buffer.from(
    'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!',
  );
  return createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined).on('data', () => socket.write(answer));
  });
}

/** Reads each request to its end and answers with the same body, as an AI mock without any decisions would. */
function sameBytes({ body }: ServerOptions['sameBytes']): Server {
  const length = String(Buffer.byteLength(body));
  const head = { 'content-type': 'application/json', 'content-length': length };
  return createHttpServer({ keepAliveTimeout: 0 }, (request, response) => {
    request.on('end', () => response.writeHead(200, head).end(body)).resume();
  });
}

/**
 * Answers after a delay that is drawn by the seed. GET /log returns the truth that clients are compared with: for each request, in the
 * order of arrival, the ms from its arrival until the last byte is handed to the socket; null while it is not answered. It uses bare
 * sockets, since a listener of node:http does not see all of that time. It relies on heads in one piece and bodies without an empty line.
 */
function delay({ delay: distribution, seed }: ServerOptions['delay']): Server {
  const endOfHead = '\r\n\r\n';
  const answer = Buffer.from(
    'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok',
  );
  const nextDelayMs = createDelays(distribution, seededDraw(seed));
  const serviceMs: (number | null)[] = [];

  return createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      const arrivedAtMs = performance.now();
      // The rest of a body.
      if (!piece.includes(endOfHead)) return;
      if (piece.toString('latin1', 0, 9) === 'GET /log ') sendLog(socket);
      else answerLater(socket, arrivedAtMs);
    });
  });

  function answerLater(socket: Socket, arrivedAtMs: number): void {
    const place = serviceMs.push(null) - 1;
    setTimeout(() => {
      serviceMs[place] = performance.now() - arrivedAtMs;
      socket.write(answer);
    }, nextDelayMs());
  }

  function sendLog(socket: Socket): void {
    const body = Buffer.from(JSON.stringify({ serviceMs }));
    const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.byteLength}\r\nConnection: close`;
    socket.write(`${head}${endOfHead}`);
    socket.end(body);
  }
}

/** Answers after a millisecond, or at the end of its one stall. GET /log returns its start and end in ms from the first request, or null. */
function stall({ afterMs, forMs }: ServerOptions['stall']): Server {
  let firstAtMs: number | null = null;
  let beganMs: number | null = null;
  let endedMs: number | null = null;
  const waiting: ServerResponse[] = [];
  const elapsedMs = () => performance.now() - (firstAtMs ?? 0);

  return createHttpServer({ keepAliveTimeout: 0 }, (request, response) => {
    if (request.url === '/log') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ beganMs, endedMs }));
      return;
    }
    if (firstAtMs === null) {
      firstAtMs = performance.now();
      setTimeout(beginStall, afterMs);
    }
    if (beganMs !== null && endedMs === null) waiting.push(response);
    else setTimeout(() => response.end('ok'), 1);
  });

  function beginStall(): void {
    beganMs = elapsedMs();
    setTimeout(endStall, forMs);
  }

  function endStall(): void {
    endedMs = elapsedMs();
    for (const response of waiting.splice(0)) response.end('ok');
  }
}

export type Delay =
  | { kind: 'constant'; ms: number }
  | { kind: 'logNormal'; medianMs: number; p95Ms: number }
  | { kind: 'bimodal'; ms: number; slowMs: number; slowShare: number };

/** The P95 of a standard normal distribution. */
const NORMAL_P95 = 1.6448536269514722;

/** Returns a function that draws a delay in ms at each call. */
export function createDelays(delay: Delay, draw: Draw): () => number {
  switch (delay.kind) {
    case 'constant':
      return () => delay.ms;
    case 'bimodal':
      return () => (draw() < delay.slowShare ? delay.slowMs : delay.ms);
    case 'logNormal': {
      const normal = normalDraw(draw);
      const sigma = Math.log(delay.p95Ms / delay.medianMs) / NORMAL_P95;
      return () => delay.medianMs * Math.exp(sigma * normal());
    }
  }
}

// Listens on a free port of this machine, prints its URL, and ends when its parent does. Arguments: the kind, and its options as JSON.
if (import.meta.main) {
  const [kind, options] = process.argv.slice(2) as [keyof ServerOptions, string];
  const server = SERVERS[kind](JSON.parse(options)).listen(0, '127.0.0.1', () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.stdout.write(`${JSON.stringify({ event: 'listening', url })}\n`);
  });
  const end = (): void => process.exit(0);
  process.on('SIGTERM', end);
  process.stdin.on('end', end).on('close', end).resume();
}
