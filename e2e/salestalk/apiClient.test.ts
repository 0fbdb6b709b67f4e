import assert from 'node:assert/strict';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { closedPort, fakeServer, readText, sendJson } from '../probes/testing/fakeServer.ts';
import { tlsServer, withAuthorities } from '../probes/testing/tlsServer.ts';
import { ApiClient } from './apiClient.ts';
import { ASKED, chatBody, classifyBody, streamEvents } from './testing/exchanges.ts';

const { tenant } = ASKED;
const PLACE = { scope: '5f3a9c1e', index: 17 };
const QUESTION = 'What is Q3 revenue?';
const ASKING = { tenant, question: QUESTION, place: PLACE };

type Seen = { method: string; path: string; headers: IncomingHttpHeaders; body: string };

/** Runs `use` with a client of a server with these answers; returns the requests that the server got. */
async function withApi(
  answer: (seen: Seen) => { status?: number; body: unknown },
  use: (api: ApiClient) => Promise<void>,
  basePath = '',
): Promise<Seen[]> {
  const log: Seen[] = [];
  const listener: RequestListener = async (request, response) => {
    const { method = '', url = '', headers } = request;
    const seen = { method, path: url, headers, body: await readText(request) };
    log.push(seen);
    const { status = 200, body } = answer(seen);
    if (typeof body === 'string') response.writeHead(status, { location: '/elsewhere' }).end(body);
    else sendJson(response, status, body);
  };
  await using server = await fakeServer(listener);
  const tokens = new Map([[tenant, 'token-of-acme']]);
  const api = new ApiClient({
    url: `${server.url}${basePath}`,
    tokenOf: (of) => tokens.get(of) as string,
  });
  try {
    await use(api);
  } finally {
    await api.close();
  }
  return log;
}

const withId = (body: object, { headers }: Seen) => ({
  ...body,
  requestId: headers['x-request-id'],
});

test('sends token, nonce, traceparent and a new request id', async () => {
  const answer = (seen: Seen) => ({ body: withId(classifyBody(), seen) });
  const log = await withApi(answer, async (api) => {
    const first = await api.ask('classify', ASKING);
    const second = await api.ask('classify', ASKING);
    assert.deepEqual([first.status, first.failure], [200, null]);
    assert.equal(first.values.reportedLatencyMs, 342);
    assert.notEqual(first.requestId, second.requestId);
  });
  const [seen] = log as [Seen];
  assert.deepEqual([seen.method, seen.path], ['POST', '/classify']);
  assert.deepEqual(JSON.parse(seen.body), { question: `${QUESTION} [ref:5f3a9c1e-17]` });
  assert.equal(seen.headers.authorization, 'Bearer token-of-acme');
  assert.match(String(seen.headers.traceparent), /^00-5f3a9c1e0{22}11-/);
});

test('sends a chat as a message and asks for the narrative as a stream', async () => {
  const answer = (seen: Seen) => {
    if (seen.headers.accept !== 'application/x-ndjson') return { body: withId(chatBody(), seen) };
    const lines = streamEvents().map((event) => JSON.stringify(withId(event, seen)));
    return { body: lines.join('\n') };
  };
  const log = await withApi(answer, async (api) => {
    assert.equal((await api.ask('chat', ASKING)).failure, null);
    const { failure, values } = await api.ask('narrative', ASKING);
    assert.equal(failure, null);
    assert.ok((values.totalMs as number) >= (values.latencyMs as number));
  });
  for (const { path, body } of log) {
    assert.equal(path, '/chat');
    assert.deepEqual(Object.keys(JSON.parse(body)), ['message']);
  }
});

test('a failed answer is an observation, not an error', async () => {
  const answer = () => ({ status: 502, body: { error: 'AIProviderError' } });
  await withApi(answer, async (api) => {
    const { status, failure, values, checks, objection, answer } = await api.ask('chat', ASKING);
    assert.deepEqual([status, failure, answer], [502, 'status 502', null]);
    assert.deepEqual(Object.keys(values), ['endedMs']);
    assert.deepEqual(checks, { contract: false, secrecy: true, soundness: false });
    assert.equal(
      objection,
      'not in the form of the contract; status 502, keys error: {"error":"AIProviderError"}',
    );
  });
});

test('sends exactly the given request for a check of the contract', async () => {
  const answer = () => ({ body: {} });
  const log = await withApi(answer, async (api) => {
    await api.send({ method: 'POST', path: '/classify', body: '{' });
    await api.send({ method: 'POST', path: '/chat', tenant, body: { message: 7 } });
    await api.send({ method: 'GET', path: '/health', headers: { 'x-request-id': 'mine' } });
  });
  assert.deepEqual(
    log.map(({ body, headers }) => [body, headers.authorization, headers['content-type']]),
    [
      ['{', undefined, 'application/json'],
      ['{"message":7}', 'Bearer token-of-acme', 'application/json'],
      ['', undefined, undefined],
    ],
  );
  assert.equal(log[2]?.headers['x-request-id'], 'mine');
});

test('the round trip of a failed no-op is unknown', async () => {
  await withApi(
    () => ({ body: {} }),
    async (api) => {
      const noop = await api.noop();
      assert.ok(noop !== null && noop.roundTripMs > 0 && noop.sentAtMs > 0);
    },
  );
  await withApi(
    () => ({ status: 503, body: {} }),
    async (api) => assert.equal(await api.noop(), null),
  );
  const api = new ApiClient({
    url: `http://127.0.0.1:${await closedPort()}`,
    tokenOf: () => 'token',
  });
  assert.equal(await api.noop(), null);
  await api.close();
});

test('reads the process below the base path and without a token', async () => {
  const text = 'nodejs_heap_size_used_bytes 5\n';
  const log = await withApi(
    () => ({ body: text }),
    async (api) => assert.equal((await api.readProcess()).process?.heapUsedBytes, 5),
    '/prod/',
  );
  assert.deepEqual(
    log.map(({ method, path, headers }) => [method, path, headers.authorization]),
    [['GET', '/prod/metrics', undefined]],
  );
  const redirected = await withApi(
    () => ({ status: 302, body: text }),
    async (api) =>
      assert.deepEqual(await api.readProcess(), {
        process: null,
        reason: 'its metrics answered 302',
      }),
  );
  assert.equal(redirected.length, 1);
});

test('reports each encoding once and each connection, with the wanted HTTP version', async () => {
  const versions: string[] = [];
  const listener: RequestListener = ({ url, httpVersion }, response) => {
    versions.push(`${url} ${httpVersion}`);
    response.setHeader('content-encoding', url === '/other' ? 'br' : 'gzip');
    const pack = url === '/other' ? brotliCompressSync : gzipSync;
    response.end(pack(url === '/metrics' ? 'process_resident_memory_bytes 7\n' : '{}'));
  };
  await using server = await tlsServer(listener);
  await withAuthorities(server.authorityFile, async () => {
    const reported: string[] = [];
    const api = new ApiClient({
      url: server.url,
      tokenOf: () => 'token',
      http: '2',
      onConnection: ({ http, tls }) => void reported.push(`HTTP/${http} ${tls}`),
      onContentEncoding: (encoding) => void reported.push(encoding),
    });
    try {
      for (const path of ['/health', '/health', '/other']) await api.send({ method: 'GET', path });
      assert.deepEqual(reported, ['HTTP/2 TLSv1.3', 'gzip', 'br']);
      const { process } = await api.readProcess();
      assert.equal(process?.residentBytes, 7);
      assert.equal(reported.length, 3, 'reading metrics is no measured request');
    } finally {
      await api.close();
    }
  });
  assert.deepEqual(versions, ['/health 2.0', '/health 2.0', '/other 2.0', '/metrics 2.0']);
});
