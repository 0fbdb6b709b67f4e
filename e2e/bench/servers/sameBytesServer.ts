import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { serveParent } from './serveParent.ts';

// Reads each request to its end and answers the bytes that it was started with: what an AI mock would be that has nothing to decide.
const { values } = parseArgs({ options: { 'body-base64': { type: 'string' } } });
const body = Buffer.from(values['body-base64'] ?? '', 'base64');
const head = { 'content-type': 'application/json', 'content-length': String(body.byteLength) };

const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  request.on('end', () => response.writeHead(200, head).end(body)).resume();
});
serveParent(server);
