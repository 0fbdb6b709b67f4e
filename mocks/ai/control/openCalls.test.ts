import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenCall } from '../journal/journalEntry.ts';
import { callOverHttp1, ROUTES, requestOf, type TestMock, testMock } from '../testMock.ts';

async function openOf({ controlUrl, auth, scope }: TestMock): Promise<OpenCall[]> {
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
    const seen = callOverHttp1(mock.url, requestOf(route, mock.prompt(17)), client.signal);
    await mock.inFlight(1);
    const [call, ...others] = await openOf(mock);
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
    assert.deepEqual(await openOf(mock), []);
  });

test('a call is open until its last byte has left, and then it is not', async (context) => {
  const mock = await testMock(context);
  await mock.behave([{ fault: { kind: 'trickle', bytesPerSecond: 5000 } }]);
  const route = { provider: 'ollama', streamed: true } as const;
  const seen = callOverHttp1(mock.url, requestOf(route, mock.prompt(1)));
  await mock.inFlight(1);
  assert.equal((await openOf(mock)).length, 1);
  await seen;
  await mock.journal(1);
  assert.deepEqual(await openOf(mock), []);
});

test("other scopes' calls are not shown, and an unknown scope is told so", async (context) => {
  const mock = await testMock(context);
  const client = new AbortController();
  await mock.behave([{ fault: { kind: 'hang' } }]);
  const seen = callOverHttp1(
    mock.url,
    requestOf(ROUTES[0] ?? assert.fail(), mock.prompt(1)),
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
  assert.equal((await openOf(mock)).length, 1);
  client.abort();
  await seen;
});
