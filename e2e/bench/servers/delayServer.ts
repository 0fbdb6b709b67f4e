import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { seededDraw } from '../../core/statistics/seededDraw.ts';
import { delaySource, parseDelay } from './delay.ts';
import { serveParent } from './serveParent.ts';

// Answers after a delay, and keeps for each answer how long it took from the arrival of the request to handing the last byte to the
// socket, by a clock of its own: the truth that clients are held against. GET /log tells it.
const STRING = { type: 'string' } as const;
const { values } = parseArgs({ options: { delay: STRING, seed: STRING } });
const nextDelayMs = delaySource(
  parseDelay(values.delay ?? ''),
  seededDraw(Number(values.seed ?? 1)),
);
const serviceMs: number[] = [];

const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  const arrivedAtMs = performance.now();
  if (request.url === '/log') {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ serviceMs }));
    return;
  }
  request.resume();
  setTimeout(() => {
    serviceMs.push(performance.now() - arrivedAtMs);
    response.end('ok');
  }, nextDelayMs());
});
serveParent(server);
