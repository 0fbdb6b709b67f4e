import { createServer, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { serveParent } from './serveParent.ts';

// Answers after a millisecond, but for one stall: what arrives while it lasts is answered at its end. GET /log tells when it was, in ms
// from the first request; null as long as it has not been.
const STRING = { type: 'string' } as const;
const { values } = parseArgs({ options: { 'stall-after-ms': STRING, 'stall-ms': STRING } });
const SERVICE_MS = 1;

let firstAtMs: number | null = null;
let beganMs: number | null = null;
let endedMs: number | null = null;
const waiting: ServerResponse[] = [];

function elapsedMs(): number {
  return performance.now() - (firstAtMs ?? 0);
}

function begin(): void {
  beganMs = elapsedMs();
  setTimeout(end, Number(values['stall-ms']));
}

function end(): void {
  endedMs = elapsedMs();
  for (const response of waiting.splice(0)) response.end('ok');
}

const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  if (request.url === '/log') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ beganMs, endedMs }));
    return;
  }
  if (firstAtMs === null) {
    firstAtMs = performance.now();
    setTimeout(begin, Number(values['stall-after-ms']));
  }
  if (beganMs !== null && endedMs === null) waiting.push(response);
  else setTimeout(() => response.end('ok'), SERVICE_MS);
});
serveParent(server);
