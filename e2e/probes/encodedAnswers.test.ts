import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { fakeServer } from './testing/fakeServer.ts';
import { TimedClient, type TimedRequest } from './timedClient.ts';

const ANY: TimedRequest = { method: 'GET', path: '/', headers: {}, timeoutMs: 20_000 };

type Use = (client: TimedClient) => Promise<void>;

async function withServer(listener: RequestListener, use: Use): Promise<void> {
  await using server = await fakeServer(listener);
  const client = new TimedClient(server.url, { connections: 4 });
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

test('asks for an answer that is not encoded, and decodes one that is all the same', async () => {
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

test('to decode takes no time of the answer', async () => {
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
