import assert from 'node:assert/strict';
import http2 from 'node:http2';
import net from 'node:net';
import { type TestContext, test } from 'node:test';
import { HttpResponse } from 'msw/http';
import { CallLog } from '../journal/callLog.ts';
import { Journal } from '../journal/journal.ts';
import { ServedHandler } from '../providers/servedHandler.ts';
import { aiListener } from './aiListener.ts';
import { listen } from './listen.ts';
import { closeAtOnce } from './refusableServer.ts';
import { serveBothProtocols } from './serveBothProtocols.ts';

const handlers = [
  new ServedHandler('GET', '*/reset', () => HttpResponse.error()),
  new ServedHandler('GET', '*/broken', () => {
    throw new Error('planted');
  }),
  new ServedHandler(
    'GET',
    '*/half',
    () =>
      new HttpResponse(
        new ReadableStream({
          async start(controller) {
            controller.enqueue(new TextEncoder().encode('half'));
            await new Promise((resolve) => setTimeout(resolve, 30));
            controller.error(new Error('planted'));
          },
        }),
      ),
  ),
];

async function start(context: TestContext): Promise<number> {
  const server = serveBothProtocols(
    aiListener({
      handlers,
      log: new CallLog(new Journal()),
      isRefusing: () => false,
      isOwnHost: () => true,
    }),
  );
  const close = closeAtOnce(server);
  context.after(() => close());
  return await listen(server, { host: '127.0.0.1', port: 0, portOption: '--port' });
}

/** How an answer ends for a client: its status line, or the code of the error. An HTTP client would call a mere end a reset too. */
function outcome(port: number, path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    );
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes;
    });
    socket.on('end', () => resolve(received.split('\r\n', 1)[0] ?? ''));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
  });
}

test('an error response is a reset of the connection', async (context) => {
  assert.equal(await outcome(await start(context), '/reset'), 'ECONNRESET');
});

test('in HTTP/2 it is a reset of its stream alone', async (context) => {
  const session = http2.connect(`http://127.0.0.1:${await start(context)}`);
  context.after(() => session.destroy());
  const ask = (path: string) =>
    new Promise<string>((resolve) => {
      const stream = session.request({ ':path': path });
      stream.on('response', (headers) => resolve(String(headers[':status'])));
      stream.on('error', () => resolve(`reset ${stream.rstCode}`));
      stream.resume();
    });
  assert.equal(await ask('/reset'), `reset ${http2.constants.NGHTTP2_INTERNAL_ERROR}`);
  assert.equal(await ask('/elsewhere'), '404');
});

test('a handler that fails is a 500 before the answer has begun, a reset after', async (context) => {
  context.mock.method(console, 'error', () => {});
  const port = await start(context);
  assert.equal(await outcome(port, '/broken'), 'HTTP/1.1 500 Internal Server Error');
  assert.equal(await outcome(port, '/half'), 'ECONNRESET');
});
