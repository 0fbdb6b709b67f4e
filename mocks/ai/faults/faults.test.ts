import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import http2 from 'node:http2';
import { test } from 'node:test';
import {
  BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ServiceUnavailableException,
  ThrottlingException,
} from '@aws-sdk/client-bedrock-runtime';
import fc from 'fast-check';
import type { IntactAnswer } from '../pacedAnswer.ts';
import { callOverHttp1, callOverHttp2, exampleRequest, ROUTES, testMock } from '../testMock.ts';
import { applyFault, readRetryAfterMs, retryAfterHeader, trickle, trickleEndMs } from './faults.ts';

/** The field of a provider's error body that holds the message. */
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
      const request = exampleRequest(route, mock.prompt(1));
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
      const seen = await callOverHttp1(mock.url, exampleRequest(route, mock.prompt(1)));
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
      const seen = await callOverHttp1(mock.url, exampleRequest(route, mock.prompt(1)));
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

test('a trickle sends no more than its rate in each tenth of a second from when the answer is due', () => {
  const slices = [...trickle([{ dueAtMs: 5000, bytes: Buffer.alloc(25, 'x') }], 100)];
  assert.deepEqual(
    slices.map((slice) => [slice.dueAtMs, slice.bytes.length]),
    [
      [5100, 10],
      [5200, 10],
      [5250, 5],
    ],
  );
});

test('a trickle keeps the bytes in order, and the last is due at the predicted end', () => {
  const piece = fc.record({ gapMs: fc.nat(500), text: fc.string({ minLength: 1 }) });
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1 }),
      fc.integer({ min: 1, max: 5000 }),
      (made, rate) => {
        let dueAtMs = 0;
        const pieces = made.map(({ gapMs, text }) => {
          dueAtMs += gapMs;
          return { dueAtMs, bytes: Buffer.from(text) };
        });
        const slices = [...trickle(pieces, rate)];
        assert.deepEqual(
          Buffer.concat(slices.map((slice) => slice.bytes)),
          Buffer.concat(pieces.map((each) => each.bytes)),
        );
        const endMs = slices.at(-1)?.dueAtMs ?? Number.NaN;
        assert.ok(Math.abs(endMs - trickleEndMs(pieces, rate)) < 1e-6);
      },
    ),
  );
});

test('a truncated answer is cut in the piece that holds its middle, and keeps its times', () => {
  const truncate = (...texts: string[]) => {
    const pieces = texts.map((text, position) => ({
      dueAtMs: position * 100,
      bytes: Buffer.from(text),
    }));
    const intact: IntactAnswer = {
      status: 200,
      headers: {},
      pieces,
      ending: 'whole',
      endAtMs: 900,
    };
    const buildError = () => assert.fail('no error takes its place');
    const cut = applyFault(intact, { kind: 'truncate' }, { failAtMs: 0, buildError });
    const left = [...cut.pieces].map(({ dueAtMs, bytes }) => [dueAtMs, String(bytes)]);
    return { left, endAtMs: cut.endAtMs };
  };
  const expected = [
    [0, 'abcd'],
    [100, 'e'],
  ];
  assert.deepEqual(truncate('abcd', 'efg', 'hij'), { left: expected, endAtMs: 100 });
  assert.deepEqual(truncate('abc'), { left: [[0, 'ab']], endAtMs: 0 });
});

const AT_MS = Date.UTC(2026, 0, 31, 23, 59, 58, 1);

test('Retry-After in seconds is a number, and a date counts from when the answer is sent', () => {
  assert.equal(retryAfterHeader({ seconds: 30 }, AT_MS), '30');
  assert.equal(
    retryAfterHeader({ date: { inSeconds: 5 } }, AT_MS - 1),
    'Sun, 01 Feb 2026 00:00:03 GMT',
  );
  // Never earlier than asked for.
  assert.equal(
    retryAfterHeader({ date: { inSeconds: 5 } }, AT_MS),
    'Sun, 01 Feb 2026 00:00:04 GMT',
  );
});

test('a wait until a date is shorter for a call that ends later, and never below 0', () => {
  const header = retryAfterHeader({ date: { inSeconds: 5 } }, AT_MS);
  assert.equal(readRetryAfterMs(header, AT_MS), 5_999);
  assert.equal(readRetryAfterMs(header, AT_MS + 5_000), 999);
  assert.equal(readRetryAfterMs(header, AT_MS + 6_000), 0);
});
