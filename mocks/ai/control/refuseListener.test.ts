import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { test } from 'node:test';
import {
  callOverHttp1,
  callOverHttp2,
  ROUTES,
  requestOf,
  type TestMock,
  testMock,
} from '../testMock.ts';

const OLLAMA = { provider: 'ollama', streamed: false } as const;

const refuse = ({ controlUrl, auth }: TestMock, body: unknown) =>
  fetch(`${controlUrl}/listener/refuse`, {
    method: 'POST',
    headers: auth,
    body: JSON.stringify(body),
  });

const statusOf = async ({ controlUrl, auth }: TestMock) =>
  (await fetch(`${controlUrl}/status`, { headers: auth })).json();

/** Calls until the listener is back; how each call before ended. */
async function callUntilWell(mock: TestMock): Promise<string[]> {
  const endings: string[] = [];
  for (;;) {
    const { ending } = await callOverHttp1(mock.url, requestOf(OLLAMA, mock.prompt(2)));
    if (ending === 'complete') return endings;
    endings.push(ending);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('connections are refused for a while, then the same port serves again', async (context) => {
  const mock = await testMock(context);
  assert.deepEqual(
    [(await statusOf(mock)).refusing, (await statusOf(mock)).refusedForMs],
    [false, 0],
  );
  const response = await refuse(mock, { forMs: 300 });
  assert.equal(response.status, 200);
  const { refusedUntil } = await response.json();
  for (const route of ROUTES) {
    const seen = await callOverHttp1(mock.url, requestOf(route, mock.prompt(1)));
    assert.deepEqual([seen.status, seen.ending], [null, 'refused']);
  }
  assert.equal((await statusOf(mock)).refusing, true);
  const endings = await callUntilWell(mock);
  assert.deepEqual([...new Set(endings)], ['refused']);
  // The calls that were refused are in no journal; how long they were, the status says.
  const [entry] = await mock.journal(1);
  assert.deepEqual([entry?.seq, entry?.index, entry?.fault], [1, 2, null]);
  // The date has whole milliseconds.
  assert.ok((entry?.arrivedAtMs ?? 0) >= Date.parse(refusedUntil));
  const { refusing, refusedForMs } = await statusOf(mock);
  assert.equal(refusing, false);
  assert.ok(refusedForMs >= 300, `${refusedForMs} ms`);
  assert.equal((await statusOf(mock)).refusedForMs, refusedForMs);
});

test('calls in flight are reset, and the journal tells them from clients that left', async (context) => {
  const mock = await testMock(context);
  await mock.behave([{ latency: { distribution: 'constant', ms: 60_000 } }]);
  const session = http2.connect(mock.url);
  session.on('error', () => {});
  const http1 = callOverHttp1(mock.url, requestOf(OLLAMA, mock.prompt(1)));
  const overHttp2 = callOverHttp2(session, requestOf(OLLAMA, mock.prompt(1)));
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
  await callUntilWell(mock);
});

test('asked again meanwhile, the new time counts', async (context) => {
  const mock = await testMock(context);
  await refuse(mock, { forMs: 60_000 });
  await refuse(mock, { forMs: 100 });
  await callUntilWell(mock);
  await refuse(mock, { forMs: 50 });
  await refuse(mock, { forMs: 250 });
  await new Promise((resolve) => setTimeout(resolve, 120));
  assert.equal((await statusOf(mock)).refusing, true);
  await callUntilWell(mock);
});

test('asked again just as it comes back, it comes back once more', async (context) => {
  const mock = await testMock(context);
  for (let round = 0; round < 40; round++) await refuse(mock, { forMs: 1 + (round % 4) });
  await callUntilWell(mock);
  assert.equal((await statusOf(mock)).refusing, false);
  await refuse(mock, { forMs: 60_000 });
  const seen = await callOverHttp1(mock.url, requestOf(OLLAMA, mock.prompt(1)));
  assert.equal(seen.ending, 'refused');
});

test('a mock that refuses can be stopped', async (context) => {
  const mock = await testMock(context);
  await refuse(mock, { forMs: 60_000 });
});

test('a wrong time is refused in words', async (context) => {
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
  assert.equal((await statusOf(mock)).refusing, false);
});
