import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { test } from 'node:test';
import {
  BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ServiceUnavailableException,
  ThrottlingException,
} from '@aws-sdk/client-bedrock-runtime';
import { callOverHttp1, callOverHttp2, ROUTES, requestOf } from '../testCall.ts';
import { testMock } from '../testMock.ts';

/** What the providers say of an error: the field of the body, and the type that AWS names. */
const FIELD = { ollama: 'error', bedrock: 'message' } as const;

for (const route of ROUTES) {
  test(`${route.name}: a status comes with the provider's own error, in both protocols`, async (context) => {
    const mock = await testMock(context);
    const session = http2.connect(mock.url);
    context.after(() => session.destroy());
    for (const [status, type] of [
      [500, 'InternalServerException'],
      [503, 'ServiceUnavailableException'],
      [504, undefined],
    ] as const) {
      await mock.behave([{ fault: { kind: 'status', status } }]);
      const request = requestOf(route, mock.prompt(1));
      for (const seen of [
        await callOverHttp1(mock.url, request),
        await callOverHttp2(session, request),
      ]) {
        assert.deepEqual([seen.status, seen.ending], [status, 'complete']);
        assert.equal(seen.headers['content-type'], 'application/json');
        assert.equal(typeof JSON.parse(seen.body)[FIELD[route.provider]], 'string');
        assert.equal(
          seen.headers['x-amzn-errortype'],
          route.provider === 'bedrock' ? type : undefined,
        );
      }
    }
    const entries = await mock.journal(6);
    assert.deepEqual(
      entries.map(({ status, fault }) => [status, fault]),
      [500, 500, 503, 503, 504, 504].map((status) => [status, 'status']),
    );
  });

  test(`${route.name}: a status comes with the body given`, async (context) => {
    const mock = await testMock(context);
    for (const [body, type] of [
      ['{"oops":1}', 'application/json'],
      ['<h1>Bad Gateway</h1>', 'text/plain; charset=utf-8'],
      ['', 'text/plain; charset=utf-8'],
    ] as const) {
      await mock.behave([{ fault: { kind: 'status', status: 502, body } }]);
      const seen = await callOverHttp1(mock.url, requestOf(route, mock.prompt(1)));
      assert.deepEqual(
        [seen.status, seen.ending, seen.body, seen.headers['content-type']],
        [502, 'complete', body, type],
      );
    }
  });

  test(`${route.name}: a rate limit is a 429, with Retry-After in either form or without`, async (context) => {
    const mock = await testMock(context);
    const ask = async (retryAfter?: { seconds: number } | { date: { inSeconds: number } }) => {
      const fault = { kind: 'rateLimit', ...(retryAfter && { retryAfter }) } as const;
      await mock.behave([{ fault }]);
      const seen = await callOverHttp1(mock.url, requestOf(route, mock.prompt(1)));
      assert.equal(seen.status, 429);
      if (route.provider === 'bedrock')
        assert.equal(seen.headers['x-amzn-errortype'], 'ThrottlingException');
      return seen.headers['retry-after'];
    };
    assert.equal(await ask(), undefined);
    assert.equal(await ask({ seconds: 7 }), '7');
    assert.equal(await ask({ seconds: 0 }), '0');
    const date = String(await ask({ date: { inSeconds: 120 } }));
    assert.equal(new Date(Date.parse(date)).toUTCString(), date);
    const entries = await mock.journal(4);
    assert.ok(entries.every(({ fault }) => fault === 'rateLimit'));
    const waitMs = Date.parse(date) - (entries[3]?.arrivedAtMs ?? Number.NaN);
    // Rounded up to a whole second, whatever the time of its call.
    assert.ok(waitMs >= 120_000 && waitMs < 122_000, `${waitMs} ms`);
    const askedMs = entries.map(({ retryAfterMs }) => retryAfterMs);
    const lastByteAtMs = entries[3]?.lastByteAtMs ?? Number.NaN;
    assert.deepEqual(askedMs, [null, 7_000, 0, Date.parse(date) - lastByteAtMs]);
  });
}

test("AWS's SDK throws what Bedrock's client expects, streamed or not", async (context) => {
  const mock = await testMock(context);
  const client = new BedrockRuntimeClient({
    endpoint: mock.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  context.after(() => client.destroy());
  const body = JSON.stringify({ messages: [{ role: 'user', content: mock.prompt(1) }] });
  const invoke = () => client.send(new InvokeModelCommand({ modelId: 'm', body }));
  const stream = () =>
    client.send(new InvokeModelWithResponseStreamCommand({ modelId: 'm', body }));

  await mock.behave([{ fault: { kind: 'rateLimit', retryAfter: { seconds: 2 } } }]);
  for (const call of [invoke, stream])
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof ThrottlingException);
      assert.equal(error.$response?.headers['retry-after'], '2');
      return true;
    });
  await mock.behave([{ fault: { kind: 'status', status: 503 } }]);
  for (const call of [invoke, stream]) await assert.rejects(call, ServiceUnavailableException);
  await mock.behave([]);
  assert.ok((await invoke()).body.length > 0);
});
