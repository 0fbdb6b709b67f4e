import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { test } from 'node:test';
import { request } from 'undici';
import type { OpenCall } from '../journal/call.ts';
import { startAiMock } from '../startAiMock.ts';
import {
  callOverHttp1,
  callOverHttp2,
  exampleRequest,
  ROUTES,
  type TestMock,
  testMock,
} from '../testMock.ts';

/** By undici's own `request`, since fetch sets the Host header itself. */
async function get(url: string, headers: Record<string, string>) {
  const { statusCode, body } = await request(url, { headers });
  return { status: statusCode, body: await body.text() };
}

test('only the token opens the control listener', async (context) => {
  const { controlUrl, auth } = await testMock(context);
  assert.equal((await get(`${controlUrl}/status`, auth)).status, 200);
  for (const authorization of ['', 'Bearer ', 'Bearer wrong', auth.authorization.toLowerCase()]) {
    const refused = await get(`${controlUrl}/status`, { authorization });
    assert.equal(refused.status, 401);
    assert.equal(JSON.parse(refused.body).error, 'UNAUTHORIZED');
  }
});

test('refuses foreign Host headers, even with the token', async (context) => {
  const { controlUrl, auth } = await testMock(context);
  const { port } = new URL(controlUrl);
  const askStatus = async (host: string) =>
    (await get(`${controlUrl}/status`, { ...auth, host })).status;
  assert.equal(await askStatus(`localhost:${port}`), 200);
  for (const host of [`evil.example:${port}`, 'localhost', `127.0.0.1.evil.example:${port}`])
    assert.equal(await askStatus(host), 403);
});

/** Another address of this machine, as another machine would reach it. */
const OUTSIDE = '127.0.0.2';

test('other machines reach the control listener only by the name it was given, with the token', {
  skip: process.platform === 'linux' ? false : 'only Linux has further loopback addresses',
}, async (context) => {
  const token = 'x'.repeat(32);
  const auth = { authorization: `Bearer ${token}` };
  const start = async (controlName: string | null) => {
    const defaults = { seed: 1, behaviours: [] };
    const control = { controlPort: 0, controlToken: token, controlName };
    const mock = await startAiMock({ host: OUTSIDE, port: 0, ...control, defaults });
    context.after(mock.stop);
    return new URL(mock.controlUrl ?? '');
  };
  const { port: closed } = await start(null);
  await assert.rejects(get(`http://${OUTSIDE}:${closed}/status`, auth), { code: 'ECONNREFUSED' });
  const { hostname, port } = await start('ai-mock.perf');
  assert.equal(hostname, 'ai-mock.perf');
  const ask = async (host: string, headers: object = auth) =>
    (await get(`http://${OUTSIDE}:${port}/status`, { ...headers, host })).status;
  assert.equal(await ask(`ai-mock.perf:${port}`), 200);
  assert.equal(await ask(`ai-mock.perf:${port}`, {}), 401);
  for (const host of [
    'ai-mock.perf',
    `evil.example:${port}`,
    `ai-mock.perf.evil.example:${port}`,
    `evil.ai-mock.perf:${port}`,
  ])
    assert.equal(await ask(host), 403, host);
});

test('sends no CORS headers, to a preflight neither', async (context) => {
  const { controlUrl, auth } = await testMock(context);
  const origin = 'http://evil.example';
  for (const method of ['GET', 'OPTIONS']) {
    const response = await fetch(`${controlUrl}/status`, {
      method,
      headers: { ...auth, origin, 'access-control-request-method': 'GET' },
    });
    const cors = [...response.headers.keys()].filter((name) => name.startsWith('access-control'));
    assert.deepEqual(cors, []);
  }
});

test('the model is not served here, nor the control there', async (context) => {
  const { url, controlUrl, auth } = await testMock(context);
  const init = { method: 'POST', body: '{}' };
  assert.equal((await fetch(`${controlUrl}/api/generate`, { ...init, headers: auth })).status, 404);
  assert.equal((await fetch(`${url}/status`, { headers: auth })).status, 404);
});

test('a wrong body is refused with the path to what is wrong', async (context) => {
  const { controlUrl, auth, scope } = await testMock(context);
  for (const [body, message] of [
    ['{', /^body: found "\{", expected JSON\.$/],
    ['{"behaviours":[]}', /^seed: .*found nothing\.$/],
    ['{"seed":1.5,"behaviours":[]}', /^seed: .*found 1\.5\.$/],
    ['{"seed":1,"behaviours":[{},{"latencyMs":5}]}', /^behaviours\[1\]: .*latencyMs/],
    ['{"seed":1,"behaviours":[],"ttlSeconds":61}', /^ttlSeconds: .*60.*found 61\.$/],
    ['{"seed":1,"behaviours":[],"more":1}', /^body: .*more/],
    [
      '{"seed":1,"behaviours":[{"latency":{"distribution":"uniform","minMs":9,"maxMs":1}}]}',
      /^behaviours\[0\]\.latency\.maxMs: expected at least minMs; found 1\.$/,
    ],
  ] as const) {
    const response = await fetch(`${controlUrl}/scopes/${scope}`, {
      method: 'PUT',
      headers: auth,
      body,
    });
    assert.equal(response.status, 400);
    const { error, message: found } = await response.json();
    assert.equal(error, 'BODY_INVALID');
    assert.match(found, message);
  }
});

test('a scope is put, renewed, and forgotten together with its journal', async (context) => {
  const { controlUrl, auth, scope } = await testMock(context);
  const ask = (method: string, path: string, body?: string) =>
    fetch(controlUrl + path, { method, headers: auth, ...(body === undefined ? {} : { body }) });
  const put = await ask('PUT', `/scopes/${scope}`, '{"seed":1,"behaviours":[],"ttlSeconds":1}');
  const state = await put.json();
  assert.equal(state.scope, scope);
  assert.ok(Date.parse(state.expiresAt) > Date.now() - 1000);
  const renewed = await ask('POST', `/scopes/${scope}/renew`);
  assert.equal(renewed.status, 200);
  assert.equal((await renewed.json()).scope, scope);
  assert.equal((await ask('GET', `/scopes/${scope}/journal`)).status, 200);
  assert.equal((await ask('DELETE', `/scopes/${scope}`)).status, 204);
  assert.equal((await ask('DELETE', `/scopes/${scope}`)).status, 204);
  assert.equal((await ask('GET', `/scopes/${scope}/journal`)).status, 404);
  assert.equal((await ask('POST', `/scopes/${scope}/renew`)).status, 404);
  assert.equal((await ask('PUT', '/scopes/NOT-HEX', '{}')).status, 400);
  assert.equal((await ask('GET', `/scopes/${scope}/journal?after=-1`)).status, 400);
});

test('the journal is NDJSON, read on from a number', async (context) => {
  const { url, controlUrl, auth, scope, prompt, journal } = await testMock(context);
  for (let index = 0; index < 3; index++) {
    const body = JSON.stringify({ model: 'm', prompt: prompt(index), stream: false });
    await (await fetch(`${url}/api/generate`, { method: 'POST', body })).text();
  }
  await journal(3);
  const response = await fetch(`${controlUrl}/scopes/${scope}/journal?after=1`, { headers: auth });
  assert.equal(response.headers.get('content-type'), 'application/x-ndjson');
  const lines = (await response.text()).trim().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).seq),
    [2, 3],
  );
});

test('the status describes the mock, with null for what was not recorded, and its process', async (context) => {
  const { controlUrl, auth } = await testMock(context);
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const beforeMs = cpuMs();
  const status = await (await fetch(`${controlUrl}/status`, { headers: auth })).json();
  const { name, version, calls, inFlight, lateness } = status;
  assert.deepEqual([name, version, calls, inFlight, lateness], ['ai-mock', 1, 0, 0, null]);
  // The mock runs in the process of the test.
  assert.ok(beforeMs <= status.cpuMs && status.cpuMs <= cpuMs(), `${status.cpuMs}`);
  // A collection between two readings halves the heap, so the reading is given here.
  const given = { rss: 300e6, heapTotal: 90e6, heapUsed: 40e6, external: 5e6, arrayBuffers: 1e6 };
  context.mock.method(process, 'memoryUsage', () => given);
  const { memory } = await (await fetch(`${controlUrl}/status`, { headers: auth })).json();
  assert.equal(memory.residentBytes, given.rss);
  assert.equal(memory.heapUsedBytes, given.heapUsed);
});

async function readOpenCalls({ controlUrl, auth, scope }: TestMock): Promise<OpenCall[]> {
  const response = await fetch(`${controlUrl}/scopes/${scope}/open`, { headers: auth });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/x-ndjson');
  const lines = (await response.text()).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

for (const route of ROUTES)
  test(`${route.name}: a call that hangs is open until its client has left`, async (context) => {
    const mock = await testMock(context);
    await mock.behave([{ fault: { kind: 'hang' } }]);
    const client = new AbortController();
    const seen = callOverHttp1(mock.url, exampleRequest(route, mock.prompt(17)), client.signal);
    await mock.inFlight(1);
    const [call, ...others] = await readOpenCalls(mock);
    assert.ok(call);
    assert.deepEqual(others, []);
    const { index, kind, attempt, fault, status } = call;
    assert.deepEqual(
      [index, kind, attempt, fault, status],
      [17, 'classification', 1, 'hang', null],
    );
    const { lastByteAtMs, abortedAtMs, brokenOffAtMs, lateMs, retryAfterMs } = call;
    assert.deepEqual(
      [lastByteAtMs, abortedAtMs, brokenOffAtMs, lateMs, retryAfterMs],
      [null, null, null, null, null],
    );
    assert.ok(!('seq' in call));
    client.abort();
    assert.equal((await seen).ending, 'left');
    const [entry] = await mock.journal(1);
    assert.ok(entry && entry.abortedAtMs !== null);
    assert.equal(entry.arrivedAtMs, call.arrivedAtMs);
    assert.deepEqual(await readOpenCalls(mock), []);
  });

test("other scopes' calls are not shown, and an unknown scope is an error", async (context) => {
  const mock = await testMock(context);
  const client = new AbortController();
  await mock.behave([{ fault: { kind: 'hang' } }]);
  const seen = callOverHttp1(
    mock.url,
    exampleRequest(ROUTES[0] ?? assert.fail(), mock.prompt(1)),
    client.signal,
  );
  await mock.inFlight(1);
  const ask = (scope: string, method: string) =>
    fetch(`${mock.controlUrl}/scopes/${scope}${method === 'PUT' ? '' : '/open'}`, {
      method,
      headers: mock.auth,
      ...(method === 'PUT' ? { body: '{"seed":1,"behaviours":[]}' } : {}),
    });
  const other = '00000001';
  assert.equal((await ask(other, 'GET')).status, 404);
  await ask(other, 'PUT');
  assert.equal(await (await ask(other, 'GET')).text(), '');
  assert.equal((await readOpenCalls(mock)).length, 1);
  client.abort();
  await seen;
});

const OLLAMA = { provider: 'ollama', streamed: false } as const;

const refuse = ({ controlUrl, auth }: TestMock, body: unknown) =>
  fetch(`${controlUrl}/listener/refuse`, {
    method: 'POST',
    headers: auth,
    body: JSON.stringify(body),
  });

const readStatus = async ({ controlUrl, auth }: TestMock) =>
  (await fetch(`${controlUrl}/status`, { headers: auth })).json();

/** Calls until the listener is back; how each call before ended. */
async function callUntilAnswered(mock: TestMock): Promise<string[]> {
  const endings: string[] = [];
  for (;;) {
    const { ending } = await callOverHttp1(mock.url, exampleRequest(OLLAMA, mock.prompt(2)));
    if (ending === 'complete') return endings;
    endings.push(ending);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('connections are refused for a while, then the same port serves again', async (context) => {
  const mock = await testMock(context);
  assert.equal((await readStatus(mock)).refusing, false);
  const response = await refuse(mock, { forMs: 300 });
  assert.equal(response.status, 200);
  const { refusedUntil } = await response.json();
  for (const route of ROUTES) {
    const seen = await callOverHttp1(mock.url, exampleRequest(route, mock.prompt(1)));
    assert.deepEqual([seen.status, seen.ending], [null, 'refused']);
  }
  assert.equal((await readStatus(mock)).refusing, true);
  const endings = await callUntilAnswered(mock);
  assert.deepEqual([...new Set(endings)], ['refused']);
  // The calls that were refused are in no journal.
  const [entry] = await mock.journal(1);
  assert.deepEqual([entry?.seq, entry?.index, entry?.fault], [1, 2, null]);
  // The date has whole milliseconds.
  assert.ok((entry?.arrivedAtMs ?? 0) >= Date.parse(refusedUntil));
  assert.equal((await readStatus(mock)).refusing, false);
});

test('calls in flight are reset, and the journal tells them from clients that left', async (context) => {
  const mock = await testMock(context);
  await mock.behave([{ latency: { distribution: 'constant', ms: 60_000 } }]);
  const session = http2.connect(mock.url);
  session.on('error', () => {});
  const http1 = callOverHttp1(mock.url, exampleRequest(OLLAMA, mock.prompt(1)));
  const overHttp2 = callOverHttp2(session, exampleRequest(OLLAMA, mock.prompt(1)));
  await mock.inFlight(2);
  await refuse(mock, { forMs: 50 });
  assert.equal((await http1).ending, 'reset');
  assert.equal((await overHttp2).status, null);
  for (const entry of await mock.journal(2)) {
    assert.equal(entry.fault, 'refuse');
    assert.ok(entry.brokenOffAtMs !== null);
    assert.deepEqual([entry.abortedAtMs, entry.lastByteAtMs, entry.lateMs], [null, null, null]);
  }
  await mock.behave([]);
  await callUntilAnswered(mock);
});

test('a further refusal replaces the end of the one before', async (context) => {
  const mock = await testMock(context);
  await refuse(mock, { forMs: 60_000 });
  await refuse(mock, { forMs: 100 });
  await callUntilAnswered(mock);
  await refuse(mock, { forMs: 50 });
  await refuse(mock, { forMs: 250 });
  await new Promise((resolve) => setTimeout(resolve, 120));
  assert.equal((await readStatus(mock)).refusing, true);
  await callUntilAnswered(mock);
});

test('a listener that is refused again just as it reopens still reopens in the end', async (context) => {
  const mock = await testMock(context);
  for (let round = 0; round < 40; round++) await refuse(mock, { forMs: 1 + (round % 4) });
  await callUntilAnswered(mock);
  assert.equal((await readStatus(mock)).refusing, false);
  await refuse(mock, { forMs: 60_000 });
  const seen = await callOverHttp1(mock.url, exampleRequest(OLLAMA, mock.prompt(1)));
  assert.equal(seen.ending, 'refused');
});

test('a mock that refuses can be stopped', async (context) => {
  const mock = await testMock(context);
  await refuse(mock, { forMs: 60_000 });
});

test('a wrong refusal time is answered with what is wrong', async (context) => {
  const mock = await testMock(context);
  for (const [body, message] of [
    [{}, /^forMs: .*found nothing\.$/],
    [{ forMs: 0 }, /^forMs: .*found 0\.$/],
    [{ forMs: 60_001 }, /^forMs: .*found 60001\.$/],
    [{ forMs: 5, more: 1 }, /^body: .*more/],
  ] as const) {
    const response = await refuse(mock, body);
    assert.equal(response.status, 400);
    assert.match((await response.json()).message, message);
  }
  assert.equal((await readStatus(mock)).refusing, false);
});
