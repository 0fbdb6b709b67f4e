import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import type { HttpVersion } from '../core/budget/budgetSchema.ts';
import type { OpenedConnection } from './httpConnector.ts';
import { fakeServer } from './testing/fakeServer.ts';
import { tlsServer, withAuthorities } from './testing/tlsServer.ts';
import { TimedClient, type TimedExchange } from './timedClient.ts';

const ANY = { method: 'GET', path: '/', headers: {}, timeoutMs: 20_000 } as const;
/** So many requests are under way at the same time: the server holds each until all are there. */
const AT_ONCE = 5;

/** Answers by which version a request came, once `AT_ONCE` of them are there. */
function together(): (request: IncomingMessage, response: ServerResponse) => void {
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

test('over TLS it speaks HTTP/1.1 unless told otherwise, on as many connections as requests', async () => {
  await using server = await tlsServer(together());
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

test('HTTP/2 carries them on one connection, which says so', async () => {
  await using server = await tlsServer(together());
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

test('no request is sent by a protocol that was not asked for', async () => {
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

test('without TLS it is HTTP/1.1', async () => {
  await using server = await fakeServer(together());
  const sent = await send(server.url);
  assert.deepEqual(bodies(sent), ['HTTP/1.1']);
  assert.deepEqual(
    sent.opened.map(({ http, tls }) => [http, tls]),
    Array(AT_ONCE).fill(['1.1', null]),
  );
});

test('a private authority is trusted where NODE_EXTRA_CA_CERTS names it, and nowhere else', async () => {
  await using server = await tlsServer(together());
  await using other = await tlsServer(together());
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
