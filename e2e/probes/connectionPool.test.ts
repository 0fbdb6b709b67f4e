import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import type { OpenedConnection } from './connectionPool.ts';
import { TimedClient, type TimedExchange, type TimedRequest } from './httpClient.ts';
import { fakeServer } from './testing/fakeServer.ts';
import { tlsServer, withAuthorities } from './testing/tlsServer.ts';

/** The time-out is long enough for any machine. */
const ANY: TimedRequest = { method: 'GET', path: '/', headers: {}, timeoutMs: 20_000 };

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

test('opens as many connections as are needed at a time', async () => {
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

test('a request that waits for a connection that breaks gets one that works', async () => {
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

/** Requests under way at the same time: the server holds each until all are there. */
const AT_ONCE = 5;

/** Answers with the version of the request, once `AT_ONCE` of them are there. */
function answerTogether(): RequestListener {
  let held: (() => void)[] = [];
  return ({ httpVersion }, response) => {
    held.push(() => response.end(`HTTP/${httpVersion}`));
    if (held.length < AT_ONCE) return;
    for (const answer of held) answer();
    held = [];
  };
}

type Sent = { exchanges: TimedExchange[]; opened: OpenedConnection[] };

async function send(url: string, http?: HttpVersion): Promise<Sent> {
  const opened: OpenedConnection[] = [];
  const client = new TimedClient(url, {
    connections: 100,
    onOpen: (one) => void opened.push(one),
    ...(http === undefined ? {} : { http }),
  });
  try {
    const all = Array.from({ length: AT_ONCE }, () => client.request(ANY));
    return { exchanges: await Promise.all(all), opened };
  } finally {
    await client.close();
  }
}

const bodies = ({ exchanges }: Sent) => [...new Set(exchanges.map(({ body }) => body))];
const failures = ({ exchanges }: Sent) => [...new Set(exchanges.map(({ failure }) => failure))];

test('over TLS the client speaks HTTP/1.1 by default, on as many connections as requests', async () => {
  await using server = await tlsServer(answerTogether());
  await withAuthorities(server.authorityFile, async () => {
    const sent = await send(server.url);
    assert.deepEqual([bodies(sent), failures(sent)], [['HTTP/1.1'], [null]]);
    assert.equal(server.connections(), AT_ONCE);
    assert.deepEqual(
      sent.opened.map(({ http, tls }) => [http, tls]),
      Array(AT_ONCE).fill(['1.1', 'TLSv1.3']),
    );
  });
});

test('HTTP/2 carries all requests on one connection and reports it', async () => {
  await using server = await tlsServer(answerTogether());
  await withAuthorities(server.authorityFile, async () => {
    const sent = await send(server.url, '2');
    assert.deepEqual([bodies(sent), failures(sent)], [['HTTP/2.0'], [null]]);
    assert.equal(server.connections(), 1);
    const [{ http, tls } = {}] = sent.opened;
    assert.deepEqual([sent.opened.length, http, tls], [1, '2', 'TLSv1.3']);
    assert.deepEqual(
      sent.exchanges.map(({ connectionReused }) => connectionReused),
      [false, ...Array(AT_ONCE - 1).fill(true)],
    );
  });
});

test('no request is sent by another protocol than the wanted one', async () => {
  const never = () => assert.fail('a request came');
  await using old = await tlsServer(never, '1.1');
  await withAuthorities(old.authorityFile, async () => {
    assert.deepEqual(failures(await send(old.url, '2')), ['HTTP2_NOT_SPOKEN']);
  });
  await using modern = await tlsServer(never, '2');
  await withAuthorities(modern.authorityFile, async () => {
    const [failure] = failures(await send(modern.url, '1.1'));
    assert.match(String(failure), /ALPN|NO_APPLICATION_PROTOCOL|ECONNRESET|UND_ERR_SOCKET/);
  });
});

test('a private authority is trusted only if NODE_EXTRA_CA_CERTS names it', async () => {
  await using server = await tlsServer(answerTogether());
  await using other = await tlsServer(answerTogether());
  for (const authorityFile of [null, other.authorityFile]) {
    await withAuthorities(authorityFile, async () => {
      assert.match(String(failures(await send(server.url))), /^\w*SIGNATURE\w*$/);
    });
  }
  await withAuthorities('/no/such/file.pem', async () => {
    assert.throws(() => new TimedClient(server.url, { connections: 1 }), {
      code: 'ENVIRONMENT_INVALID',
      message: /found {4}ENOENT/,
    });
  });
});
