import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { fakeServer } from './testing/fakeServer.ts';
import { TimedClient, type TimedRequest } from './timedClient.ts';

/** Long enough for any machine. */
const PATIENT_MS = 20_000;
const ANY: TimedRequest = { method: 'GET', path: '/', headers: {}, timeoutMs: PATIENT_MS };

type Use = (client: TimedClient) => Promise<void>;

async function withServer(listener: RequestListener, use: Use, connections = 4): Promise<void> {
  await using server = await fakeServer(listener);
  const client = new TimedClient(server.url, { connections });
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

test('says whether the connection had served a request before', async () => {
  const listener: RequestListener = ({ url }, response) => {
    if (url === '/last') response.setHeader('connection', 'close');
    response.end();
  };
  const use: Use = async (client) => {
    const reused: (boolean | null)[] = [];
    for (const path of ['/', '/last', '/', '/'])
      reused.push((await client.request({ ...ANY, path })).connectionReused);
    assert.deepEqual(reused, [false, true, false, true]);
  };
  await withServer(listener, use, 1);
});

test('as many connections as are needed at a time, and no more', async () => {
  const sockets = new Set<unknown>();
  const listener: RequestListener = ({ socket }, response) => {
    sockets.add(socket);
    setTimeout(() => response.end(), 5);
  };
  await withServer(listener, async (client) => {
    for (const [atOnce, connections] of [
      [1, 1],
      [3, 3],
      [2, 3],
      [9, 4],
    ] as const) {
      await Promise.all(Array.from({ length: atOnce }, () => client.request(ANY)));
      assert.equal(sockets.size, connections, `${atOnce} at once`);
    }
  });
});

test('who waits for a connection that breaks gets one that works', async () => {
  const listener: RequestListener = ({ url }, response) => {
    if (url !== '/silent') response.end('well');
  };
  const use: Use = async (client) => {
    await client.request(ANY);
    const silent = client.request({ ...ANY, path: '/silent', timeoutMs: 50 });
    const waiting = await Promise.all([client.request(ANY), client.request(ANY)]);
    assert.deepEqual([(await silent).failure, (await silent).connectionReused], ['timeout', true]);
    assert.deepEqual(
      waiting.map(({ body, connectionReused }) => [body, connectionReused]),
      [
        ['well', false],
        ['well', true],
      ],
    );
  };
  await withServer(listener, use, 1);
});

test('a request that was given up before it had a connection is never sent', async () => {
  const paths: unknown[] = [];
  const held = Promise.withResolvers<void>();
  const listener: RequestListener = async ({ url }, response) => {
    paths.push(url);
    if (url === '/slow') await held.promise;
    response.end();
  };
  const use: Use = async (client) => {
    const slow = client.request({ ...ANY, path: '/slow' });
    const queued = await client.request({ ...ANY, path: '/queued', timeoutMs: 50 });
    assert.equal(queued.failure, 'timeout');
    held.resolve();
    assert.equal((await slow).failure, null);
    assert.equal((await client.request({ ...ANY, path: '/after' })).failure, null);
    assert.deepEqual(paths, ['/slow', '/after']);
  };
  await withServer(listener, use, 1);
});
