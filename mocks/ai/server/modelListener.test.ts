import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import http2 from 'node:http2';
import net, { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { HttpResponse, http } from 'msw/http';
import { request } from 'undici';
import { listen } from '../../serverProcess.ts';
import { Scopes } from '../behaviour/scopes.ts';
import { epochMs } from '../clock.ts';
import { CallLog, Journal } from '../journal/journal.ts';
import { callOverHttp1, exampleRequest } from '../testMock.ts';
import { modelListener, readBytes, serveHandlers, toFetchRequest } from './modelListener.ts';
import { closeAtOnce } from './refusableServer.ts';
import { type RequestListener, serveBothProtocols } from './serveBothProtocols.ts';

const REQUEST = exampleRequest({ provider: 'ollama', streamed: false }, 'What is Q3 revenue?');
const HALF = REQUEST.body.slice(0, REQUEST.body.length / 2);

async function serve(context: TestContext, listener: RequestListener): Promise<number> {
  const server = serveBothProtocols(listener);
  const close = closeAtOnce(server);
  context.after(() => close());
  return listen(server, { host: '127.0.0.1', port: 0, portOption: '--port' });
}

async function start(context: TestContext, host = '127.0.0.1') {
  const journal = new Journal();
  const log = new CallLog(journal);
  const port = await serve(
    context,
    modelListener({
      scopes: new Scopes({ journal, nowMs: epochMs }),
      log,
      defaults: { seed: 0, behaviours: [] },
      isRefusing: () => false,
      host,
    }),
  );
  return { log, port, url: `http://127.0.0.1:${port}` };
}

test('a client that leaves in the middle of its request makes no call', async (context) => {
  const failures = context.mock.method(console, 'error', () => {});
  const { log, port, url } = await start(context);

  const socket = net.connect(port, '127.0.0.1');
  socket.write(
    `POST ${REQUEST.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${REQUEST.body.length}\r\n\r\n${HALF}`,
  );
  const session = http2.connect(url);
  context.after(() => session.destroy());
  const stream = session.request({ ':method': 'POST', ':path': REQUEST.path });
  stream.on('error', () => {});
  stream.write(HALF);
  await new Promise((resolve) => setTimeout(resolve, 30));
  socket.resetAndDestroy();
  stream.close(http2.constants.NGHTTP2_CANCEL);
  await new Promise((resolve) => setTimeout(resolve, 30));

  assert.deepEqual([log.calls, log.inFlight, failures.mock.callCount()], [0, 0, 0]);
  assert.equal((await callOverHttp1(url, REQUEST)).status, 200);
  assert.equal(log.calls, 1);
});

/** The status of a call with this Host header, which fetch would set itself. */
async function statusWith(port: number, host: string): Promise<number> {
  const { path, body } = REQUEST;
  const url = `http://127.0.0.1:${port}${path}`;
  const answer = await request(url, { method: 'POST', headers: { host }, body });
  await answer.body.dump();
  return answer.statusCode;
}

test('on loopback it answers to names of loopback alone, elsewhere to any', async (context) => {
  const here = await start(context);
  for (const host of ['localhost', `127.0.0.1:${here.port}`, '[::1]:11434']) {
    assert.equal(await statusWith(here.port, host), 200, host);
  }
  for (const host of ['evil.example', '127.0.0.1.evil.example:80', 'xlocalhost']) {
    assert.equal(await statusWith(here.port, host), 403, host);
  }
  const session = http2.connect(here.url);
  context.after(() => session.destroy());
  const stream = session.request({ ':method': 'POST', ':path': '/', ':authority': 'evil.example' });
  const [headers] = await once(stream, 'response');
  assert.equal(headers[':status'], 403);
  const everywhere = await start(context, '0.0.0.0');
  assert.equal(await statusWith(everywhere.port, 'ollama:11434'), 200);
});

test('a body without end is refused', async (context) => {
  const { port } = await start(context);
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const head = `POST ${REQUEST.path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`;
  socket.write(head);
  const piece = 'x'.repeat(0x10000);
  const more = setInterval(() => socket.write(`10000\r\n${piece}\r\n`), 1);
  context.after(() => clearInterval(more));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const [answer] = await once(socket, 'data');
  assert.match(String(answer), /^HTTP\/1\.1 413 /);
  await closed;
});

const HANDLERS = [
  http.get('*/reset', () => HttpResponse.error()),
  http.get('*/broken', () => {
    throw new Error('planted');
  }),
  http.get(
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

async function startHandlers(context: TestContext): Promise<number> {
  const log = new CallLog(new Journal());
  const accept = { isRefusing: () => false, isOwnHost: () => true };
  return serve(context, serveHandlers({ handlers: HANDLERS, log, ...accept }));
}

/** How an answer ends for a client: its status line, or the code of the error. An HTTP client would report an early end as a reset too. */
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

test('a handler that fails is a 500 before the answer has begun, a reset after', async (context) => {
  context.mock.method(console, 'error', () => {});
  const port = await startHandlers(context);
  assert.equal(await outcome(port, '/broken'), 'HTTP/1.1 500 Internal Server Error');
  assert.equal(await outcome(port, '/half'), 'ECONNRESET');
});

async function read(...chunks: string[]): Promise<string | undefined> {
  const incoming = new IncomingMessage(new Socket());
  for (const chunk of chunks) incoming.push(chunk);
  incoming.push(null);
  return (await readBytes(incoming))?.toString();
}

test('a body is read from no piece, one or several', async () => {
  assert.deepEqual(
    [await read(), await read('whole'), await read('in ', 'two')],
    ['', 'whole', 'in two'],
  );
});

const requestTo = (url: string, headers = {}, method = 'POST') =>
  toFetchRequest({ method, url, headers }, Buffer.from('{"a":1}'));

async function matches(pattern: string, url: string): Promise<boolean> {
  const request = requestTo(url);
  assert.ok(request);
  return http.post(pattern, () => undefined).test({ request });
}

test('MSW matches the request, as a path or as the whole URL that a proxy gets', async () => {
  for (const url of ['/api/generate', '/api/generate?a=1', 'http://model.example/api/generate'])
    assert.ok(await matches('*/api/generate', url), url);
  assert.ok(await matches('*/model/:modelId/invoke', '/model/a.b%3A0/invoke'));
});

test('what is no URL matches no path and breaks nothing', async () => {
  for (const url of ['*', '//', '//[', 'http://[', ''])
    assert.equal(await matches('*/api/generate', url), false, url);
});

test('only a request that may have a body gets it', async () => {
  assert.deepEqual(await requestTo('/')?.json(), { a: 1 });
  assert.equal(requestTo('/', {}, 'GET')?.body, null);
  assert.equal(requestTo('/', {}, 'TRACE'), null);
});
