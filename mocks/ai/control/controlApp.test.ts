import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { testMock } from '../testMock.ts';

/** A request whose Host header can be chosen, which fetch does not allow. */
function get(url: string, headers: Record<string, string>) {
  return new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string }>(
    (resolve, reject) => {
      const request = http.get(url, { headers, agent: false }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      request.on('error', reject);
    },
  );
}

test('opens to the token alone', async (context) => {
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
  const statusOf = async (host: string) =>
    (await get(`${controlUrl}/status`, { ...auth, host })).status;
  assert.equal(await statusOf(`localhost:${port}`), 200);
  for (const host of [`evil.example:${port}`, 'localhost', `127.0.0.1.evil.example:${port}`])
    assert.equal(await statusOf(host), 403);
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
    const { error, message: told } = await response.json();
    assert.equal(error, 'BODY_INVALID');
    assert.match(told, message);
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

test('the status says how the mock itself is doing; of nothing it says nothing', async (context) => {
  const { controlUrl, auth } = await testMock(context);
  const status = await (await fetch(`${controlUrl}/status`, { headers: auth })).json();
  assert.equal(status.name, 'ai-mock');
  assert.equal(status.version, 1);
  assert.equal(status.calls, 0);
  assert.equal(status.inFlight, 0);
  assert.equal(status.lateness, null);
  assert.ok(status.uptimeMs > 0);
});

test('the status tells what the process has taken of CPU since its start, and takes of memory', async (context) => {
  const { controlUrl, auth } = await testMock(context);
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const beforeMs = cpuMs();
  const status = await (await fetch(`${controlUrl}/status`, { headers: auth })).json();
  // The mock runs in the process of the test.
  assert.ok(beforeMs <= status.cpuMs && status.cpuMs <= cpuMs(), `${status.cpuMs}`);
  const { rss, heapUsed } = process.memoryUsage();
  const { residentBytes, heapUsedBytes } = status.memory;
  assert.ok(Math.abs(residentBytes / rss - 1) < 0.2, `${residentBytes} of ${rss}`);
  assert.ok(Math.abs(heapUsedBytes / heapUsed - 1) < 0.2, `${heapUsedBytes} of ${heapUsed}`);
});
