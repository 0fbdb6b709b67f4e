import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { TimedClient, type TimedExchange, type TimedRequest } from './httpClient.ts';
import { answerEndlessly, closedPort, fakeServer, readText } from './testing/fakeServer.ts';

/** Long enough for any machine; only tests of the time-out itself wait for one. */
const TIMEOUT_MS = 20_000;
const ANY: TimedRequest = { method: 'GET', path: '/', headers: {}, timeoutMs: TIMEOUT_MS };

type Use = (client: TimedClient) => Promise<void>;

async function withClient(url: string, use: Use): Promise<void> {
  const client = new TimedClient(url, { connections: 4 });
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

async function withServer(listener: RequestListener, use: Use): Promise<void> {
  await using server = await fakeServer(listener);
  await withClient(server.url, use);
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

test('separates the time that the client holds a request from the time that the target takes', async () => {
  const BLOCKED_MS = 80;
  const answer: RequestListener = (_, response) => void response.end('done');
  await withServer(answer, async (client) => {
    const first = await client.request(ANY);
    assert.deepEqual([first.connectionReused, first.heldMs], [false, 0]);
    const handedOverAtMs = performance.timeOrigin + performance.now();
    const second = client.request(ANY);
    // Delays its turn of the event loop.
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
      'opening another one is time of the target',
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

test('joins a character that is split over pieces, and shows one that never ends', async () => {
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

test('reports a redirect as an answer and does not follow it', async () => {
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

test('reports a connection that is closed or reset before or within an answer', async () => {
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

test('reports a port where nothing listens', async () => {
  await withClient(`http://127.0.0.1:${await closedPort()}`, async (client) => {
    const exchange = await client.request(ANY);
    assert.equal(exchange.failure, 'ECONNREFUSED');
    assert.deepEqual([exchange.status, exchange.connectionReused], [null, null]);
    assertIncomplete(exchange);
  });
});

test('reports a server that speaks no HTTP', async () => {
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

test('closing ends the requests under way', async () => {
  await using server = await fakeServer(() => undefined);
  const client = new TimedClient(server.url, { connections: 1 });
  const exchange = client.request(ANY);
  const waiting = client.request(ANY);
  await client.close();
  for (const ended of [exchange, waiting, client.request(ANY)]) assertIncomplete(await ended);
});

test('rejects a request that cannot be sent as written', async () => {
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

const MIB = 1024 * 1024;

for (const [what, answer] of Object.entries<RequestListener>({
  'is announced to be too large': (_, response) => {
    response.writeHead(200, { 'content-length': 300 * MIB }).flushHeaders();
  },
  'is announced to be larger than a text can be': (_, response) => {
    response.writeHead(200, { 'content-length': 600 * MIB }).flushHeaders();
  },
  'never ends': answerEndlessly,
})) {
  test(`an answer that ${what} is a failure and does not stay in memory`, async () => {
    await withServer(answer, async (client) => {
      const exchange = await client.request(ANY);
      assert.equal(exchange.durationMs, null);
      assert.deepEqual([exchange.failure, exchange.body], ['body too large', '']);
    });
  });
}

test('reads an answer of several MiB', async () => {
  const text = 'x'.repeat(7 * MIB);
  const listener: RequestListener = (_, response) => void response.end(text);
  await withServer(listener, async (client) => {
    const { body, failure } = await client.request(ANY);
    assert.deepEqual([body.length, failure], [text.length, null]);
  });
});

test('requests an answer without encoding, and decodes an encoded one', async () => {
  const seen: unknown[] = [];
  const listener: RequestListener = ({ url, headers }, response) => {
    seen.push(headers['accept-encoding']);
    if (url === '/plain') response.setHeader('content-encoding', 'identity').end('plain');
    else response.setHeader('Content-Encoding', 'gzip').end(gzipSync('packed €'));
  };
  await withServer(listener, async (client) => {
    const packed = await client.request(ANY);
    assert.deepEqual(
      [packed.body, packed.contentEncoding, packed.failure],
      ['packed €', 'gzip', null],
    );
    const plain = await client.request({ ...ANY, path: '/plain' });
    assert.deepEqual([plain.body, plain.contentEncoding], ['plain', null]);
    await client.request({ ...ANY, headers: { 'accept-encoding': 'br' } });
    assert.deepEqual(seen, ['identity', 'identity', 'br']);
  });
});

test('each piece of an encoded stream has the time at which it arrived', async () => {
  const pieces = ['one\n', 'two\n', 'three\n'];
  const sentAtMs: number[] = [];
  const listener: RequestListener = async (_, response) => {
    const gzip = createGzip();
    gzip.pipe(response.setHeader('content-encoding', 'gzip'));
    for (const piece of pieces) {
      sentAtMs.push(performance.timeOrigin + performance.now());
      gzip.write(piece);
      await new Promise<void>((resolve) => gzip.flush(resolve));
      await sleep(40);
    }
    gzip.end();
  };
  await withServer(listener, async (client) => {
    const exchange = await client.request(ANY);
    assert.deepEqual(
      exchange.chunks.map(({ text }) => text),
      pieces,
    );
    const arrivedAtMs = exchange.chunks.map(({ atMs }) => exchange.sentAtMs + atMs);
    arrivedAtMs.forEach((atMs, at) => {
      assert.ok(atMs >= (sentAtMs[at] as number), `piece ${at} came before it was sent`);
    });
    assert.ok((arrivedAtMs[0] as number) < (arrivedAtMs[1] as number));
    assert.ok((arrivedAtMs[1] as number) < (arrivedAtMs[2] as number));
    assert.ok((exchange.chunks.at(-1)?.atMs as number) < (exchange.durationMs as number));
  });
});

test('does not count the time to decode an answer', async () => {
  const packed = gzipSync(Buffer.alloc(8_000_000, 'ab'));
  const listener: RequestListener = (_, response) =>
    void response.setHeader('content-encoding', 'gzip').end(packed);
  await withServer(listener, async (client) => {
    await client.request(ANY);
    const beganMs = performance.now();
    const { durationMs, endedMs, body } = await client.request(ANY);
    const tookMs = performance.now() - beganMs;
    assert.equal(body.length, 8_000_000);
    assert.equal(durationMs, endedMs);
    assert.ok((durationMs as number) < tookMs * 0.9, `${durationMs} of ${tookMs} ms`);
  });
});

test('an encoded answer that breaks off keeps what came; one that cannot be decoded says why', async () => {
  const listener: RequestListener = async ({ url, socket }, response) => {
    if (url === '/cut') {
      const gzip = createGzip();
      gzip.pipe(response.setHeader('content-encoding', 'gzip'));
      gzip.write('half');
      await new Promise<void>((resolve) => gzip.flush(resolve));
      setTimeout(() => socket.destroy(), 20);
    } else {
      response.setHeader('content-encoding', String(url).slice(1)).end('not encoded at all');
    }
  };
  await withServer(listener, async (client) => {
    const cut = await client.request({ ...ANY, path: '/cut' });
    assert.equal(cut.durationMs, null);
    assert.match(cut.failure ?? '', /^(ECONNRESET|UND_ERR_\w+)$/);
    assert.deepEqual([cut.body, cut.contentEncoding], ['half', 'gzip']);
    const broken = await client.request({ ...ANY, path: '/gzip' });
    assert.deepEqual([broken.failure, broken.body], ['broken gzip content: Z_DATA_ERROR', '']);
    const unknown = await client.request({ ...ANY, path: '/compress' });
    assert.deepEqual([unknown.failure, unknown.body], ['unknown content encoding "compress"', '']);
  });
});
