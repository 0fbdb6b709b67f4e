import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { closedPort, fakeServer, readText } from './testing/fakeServer.ts';
import { TimedClient, type TimedExchange, type TimedRequest } from './timedClient.ts';

/** Long enough for any machine; only tests of the time-out itself wait for one. */
const PATIENT_MS = 20_000;
const ANY: TimedRequest = { method: 'GET', path: '/', headers: {}, timeoutMs: PATIENT_MS };

type Use = (client: TimedClient) => Promise<void>;

async function withClient(url: string, use: Use, connections = 4): Promise<void> {
  const client = new TimedClient(url, { connections });
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

async function withServer(listener: RequestListener, use: Use, connections = 4): Promise<void> {
  await using server = await fakeServer(listener);
  await withClient(server.url, use, connections);
}

function assertIncomplete({ durationMs, failure }: TimedExchange): void {
  assert.equal(durationMs, null, 'an answer that did not complete has no duration');
  assert.notEqual(failure, null);
}

test('sends method, path, headers and body', async () => {
  const seen: string[] = [];
  const listener: RequestListener = async (request, response) => {
    const { method, url, headers } = request;
    seen.push(`${method} ${url} ${headers.authorization} ${await readText(request)}`);
    response.setHeader('X-Seen', 'Yes');
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end('done');
  };
  await withServer(listener, async (client) => {
    const headers = { authorization: 'Bearer x' };
    const first = await client.request({
      ...ANY,
      method: 'POST',
      path: '/a?b=1',
      headers,
      body: 'hé',
    });
    const second = await client.request({ ...ANY, path: '/b' });
    assert.deepEqual(seen, ['POST /a?b=1 Bearer x hé', 'GET /b undefined ']);
    assert.deepEqual([first.status, first.body, first.failure], [200, 'done', null]);
    assert.equal(first.headers['x-seen'], 'Yes');
    assert.equal(first.headers['set-cookie'], 'a=1, b=2');
    assert.ok(second.sentAtMs > first.sentAtMs);
  });
});

test('what the client waits before it writes to an idle connection is told apart from what the target takes', async () => {
  const BLOCKED_MS = 80;
  const answer: RequestListener = (_, response) => void response.end('done');
  await withServer(answer, async (client) => {
    const first = await client.request(ANY);
    assert.deepEqual([first.connectionReused, first.heldMs], [false, 0]);
    const handedOverAtMs = performance.timeOrigin + performance.now();
    const second = client.request(ANY);
    // Its turn of the event loop comes so much later.
    const endMs = performance.now() + BLOCKED_MS;
    while (performance.now() < endMs);
    const { connectionReused, heldMs, sentAtMs } = await second;
    assert.equal(connectionReused, true);
    assert.ok(heldMs >= BLOCKED_MS, `${heldMs}`);
    assert.ok(sentAtMs - handedOverAtMs >= BLOCKED_MS, `${sentAtMs - handedOverAtMs}`);
  });
  const closing: RequestListener = (_, response) => {
    response.setHeader('connection', 'close');
    response.end('done');
  };
  await withServer(closing, async (client) => {
    await client.request(ANY);
    const { connectionReused, heldMs } = await client.request(ANY);
    assert.deepEqual(
      [connectionReused, heldMs],
      [false, 0],
      'to open one anew is time of the target',
    );
  });
});

test('pieces come in order, with rising times, between the first byte and the end', async () => {
  const pieces = ['one', 'two', 'three', 'four'];
  const listener: RequestListener = async (_, response) => {
    for (const piece of pieces) {
      response.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    response.end();
  };
  await withServer(listener, async (client) => {
    const { chunks, firstByteMs, durationMs, body } = await client.request(ANY);
    assert.deepEqual(
      chunks.map(({ text }) => text),
      pieces,
    );
    assert.equal(body, 'onetwothreefour');
    const times = [0, firstByteMs, ...chunks.map(({ atMs }) => atMs), durationMs] as number[];
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    assert.ok((times.at(-1) as number) > (times[2] as number));
  });
});

test('a character that is split over pieces is whole; one that never ends is not passed over', async () => {
  const euro = Buffer.from('€');
  const listener: RequestListener = async ({ url }, response) => {
    response.write(Buffer.concat([Buffer.from('a'), euro.subarray(0, 1)]));
    // What is written in one go leaves as one piece.
    await setImmediate();
    response.write(euro.subarray(1, 2));
    await setImmediate();
    response.end(url === '/cut' ? '' : Buffer.concat([euro.subarray(2), Buffer.from('b')]));
  };
  await withServer(listener, async (client) => {
    assert.equal((await client.request(ANY)).body, 'a€b');
    assert.equal((await client.request({ ...ANY, path: '/cut' })).body, 'a\ufffd');
  });
});

test('a redirect is an answer, not a way to go', async () => {
  const paths: unknown[] = [];
  const listener: RequestListener = ({ url }, response) => {
    paths.push(url);
    response.writeHead(302, { location: '/elsewhere' }).end();
  };
  await withServer(listener, async (client) => {
    const { status, failure } = await client.request(ANY);
    assert.deepEqual([status, failure, paths], [302, null, ['/']]);
  });
});

test('gives up on an answer that does not begin, and on one that does not end', async () => {
  const listener: RequestListener = ({ url }, response) => {
    if (url === '/half') response.write('half');
  };
  await withServer(listener, async (client) => {
    const silent = await client.request({ ...ANY, timeoutMs: 50 });
    assert.deepEqual([silent.failure, silent.status, silent.firstByteMs], ['timeout', null, null]);
    assertIncomplete(silent);
    const half = await client.request({ ...ANY, path: '/half', timeoutMs: 500 });
    assert.deepEqual([half.failure, half.status, half.body], ['timeout', 200, 'half']);
    assertIncomplete(half);
  });
});

test('a connection that is closed or reset, before an answer or within one', async () => {
  const listener: RequestListener = ({ url, socket }, response) => {
    if (url === '/half') response.writeHead(200, { 'content-length': 100 }).write('half');
    if (url === '/chunked') response.write('half');
    const end = () => (url === '/reset' ? socket.resetAndDestroy() : socket.destroy());
    setTimeout(end, 5);
  };
  await withServer(listener, async (client) => {
    for (const path of ['/', '/reset', '/half', '/chunked']) {
      const exchange = await client.request({ ...ANY, path });
      assertIncomplete(exchange);
      assert.match(exchange.failure ?? '', /^(ECONNRESET|UND_ERR_SOCKET|UND_ERR_\w+|HPE_\w+)$/);
      const hasBegun = path === '/half' || path === '/chunked';
      assert.equal(exchange.status, hasBegun ? 200 : null, path);
      assert.equal(exchange.body, hasBegun ? 'half' : '', path);
    }
  });
});

test('nothing that listens', async () => {
  await withClient(`http://127.0.0.1:${await closedPort()}`, async (client) => {
    const exchange = await client.request(ANY);
    assert.equal(exchange.failure, 'ECONNREFUSED');
    assert.deepEqual([exchange.status, exchange.connectionReused], [null, null]);
    assertIncomplete(exchange);
  });
});

test('something that listens and speaks no HTTP', async () => {
  const server = createServer((socket: Socket) => {
    socket
      .on('error', () => undefined)
      .resume()
      .end('SSH-2.0-something\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await withClient(`http://127.0.0.1:${port}`, async (client) => {
    const exchange = await client.request(ANY);
    assert.equal(exchange.failure, 'HTTPParserError');
    assertIncomplete(exchange);
  });
  await new Promise((resolve) => server.close(resolve));
});

test('closing ends what is under way', async () => {
  await using server = await fakeServer(() => undefined);
  const client = new TimedClient(server.url, { connections: 1 });
  const exchange = client.request(ANY);
  const waiting = client.request(ANY);
  await client.close();
  for (const ended of [exchange, waiting, client.request(ANY)]) assertIncomplete(await ended);
});

test('a request that cannot be sent as written is the fault of its caller, not an answer', async () => {
  await using server = await fakeServer((_, response) => void response.end());
  for (const request of [
    { ...ANY, headers: { authorization: 'Bearer a\nb' } },
    { ...ANY, path: '/a b' },
  ]) {
    await withClient(server.url, async (client) => {
      await assert.rejects(client.request(request), { code: 'UND_ERR_INVALID_ARG' });
    });
  }
});
