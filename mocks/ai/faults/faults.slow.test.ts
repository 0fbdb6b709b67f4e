import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { describe, type TestContext, test } from 'node:test';
import {
  callOverHttp1,
  callOverHttp2,
  exampleRequest,
  ROUTES,
  type Route,
  testMock,
} from '../testMock.ts';
import type { Fault } from './faults.ts';

/** Calls a model without a fault, then one with it, over both protocols. */
async function compare(context: TestContext, route: Route, fault: Fault) {
  const mock = await testMock(context);
  const session = http2.connect(mock.url);
  context.after(() => session.destroy());
  const request = exampleRequest(route, mock.prompt(1));
  const intact = await callOverHttp1(mock.url, request);
  assert.equal(intact.ending, 'complete');
  await mock.behave([{ fault }]);
  const http1 = await callOverHttp1(mock.url, request);
  const http2Seen = await callOverHttp2(session, request);
  // A reset of its stream leaves the connection of HTTP/2 as it was.
  if (fault.kind === 'reset') {
    await mock.behave([]);
    assert.equal((await callOverHttp2(session, request)).ending, 'complete');
  }
  const [, first, second] = await mock.journal(3);
  assert.ok(first && second);
  return { intact, http1, http2: http2Seen, entries: [first, second] };
}

const aboutHalf = (sizeBytes: number, wholeBytes: number) =>
  Math.abs(sizeBytes / wholeBytes - 0.5) < 0.05;

// Most of it is waiting, and each has a mock of its own.
describe('a broken transport', { concurrency: 4 }, () => {
  for (const route of ROUTES) {
    test(`${route.name}: a reset before the answer`, async (context) => {
      const seen = await compare(context, route, { kind: 'reset', when: 'before' });
      for (const { status, sizeBytes, ending } of [seen.http1, seen.http2])
        assert.deepEqual([status, sizeBytes, ending], [null, 0, 'reset']);
      for (const entry of seen.entries) {
        assert.equal(entry.fault, 'reset');
        assert.ok(entry.brokenOffAtMs !== null && entry.lateMs !== null);
        const { status, firstByteAtMs, lastByteAtMs, abortedAtMs } = entry;
        assert.deepEqual(
          [status, firstByteAtMs, lastByteAtMs, abortedAtMs],
          [null, null, null, null],
        );
      }
    });

    test(`${route.name}: a reset in the middle comes after half of the answer`, async (context) => {
      const seen = await compare(context, route, { kind: 'reset', when: 'middle' });
      for (const { status, sizeBytes, ending } of [seen.http1, seen.http2]) {
        assert.deepEqual([status, ending], [200, 'reset']);
        assert.ok(aboutHalf(sizeBytes, seen.intact.sizeBytes), `${sizeBytes} bytes`);
      }
      for (const entry of seen.entries) {
        assert.deepEqual([entry.fault, entry.status], ['reset', 200]);
        assert.ok(entry.firstByteAtMs !== null && entry.brokenOffAtMs !== null);
        assert.ok(entry.brokenOffAtMs >= entry.firstByteAtMs);
        assert.deepEqual([entry.lastByteAtMs, entry.abortedAtMs], [null, null]);
      }
    });

    test(`${route.name}: a truncated answer is half of one, and its connection ends without an error`, async (context) => {
      const seen = await compare(context, route, { kind: 'truncate' });
      assert.equal(seen.http1.ending, 'cut short');
      for (const { sizeBytes } of [seen.http1, seen.http2])
        assert.ok(aboutHalf(sizeBytes, seen.intact.sizeBytes), `${sizeBytes} bytes`);
      // HTTP/2 has nothing like a missing last chunk: a stream that ends early looks whole, but for a content-length.
      if (route.streamed) assert.equal(seen.http2.ending, 'complete');
      else assert.equal(seen.http2.headers['content-length'], String(seen.intact.sizeBytes));
      for (const entry of seen.entries) {
        assert.equal(entry.fault, 'truncate');
        assert.ok(entry.lastByteAtMs !== null && entry.lateMs !== null);
        assert.deepEqual([entry.abortedAtMs, entry.brokenOffAtMs], [null, null]);
      }
    });

    test(`${route.name}: a trickle brings the whole answer in many small pieces`, async (context) => {
      const seen = await compare(context, route, { kind: 'trickle', bytesPerSecond: 2000 });
      for (const { ending, body, arrivals, sizeBytes } of [seen.http1, seen.http2]) {
        assert.equal(ending, 'complete');
        assert.ok(arrivals >= sizeBytes / 400, `${arrivals} arrivals of ${sizeBytes} bytes`);
        assert.ok(Math.abs(body.length - seen.intact.body.length) < 20);
      }
      for (const entry of seen.entries) {
        assert.equal(entry.fault, 'trickle');
        assert.ok(Math.abs(entry.plannedMs - entry.responseBytes / 2) < 0.01);
        assert.ok(entry.lastByteAtMs !== null && entry.lateMs !== null);
        const tookMs = entry.lastByteAtMs - entry.arrivedAtMs;
        assert.ok(Math.abs(tookMs - entry.plannedMs - entry.lateMs) < 0.01);
      }
    });

    test(`${route.name}: the journal shows that a client gave up on a call that hangs`, async (context) => {
      const mock = await testMock(context);
      await mock.behave([{ fault: { kind: 'hang' } }]);
      const gaveUp = new AbortController();
      const request = exampleRequest(route, mock.prompt(1));
      const http1 = callOverHttp1(mock.url, request, gaveUp.signal);
      const session = http2.connect(mock.url);
      const http2Seen = callOverHttp2(session, request);
      await mock.inFlight(2);
      gaveUp.abort();
      session.destroy();
      assert.equal((await http1).ending, 'left');
      assert.notEqual((await http2Seen).ending, '');
      for (const entry of await mock.journal(2)) {
        const { fault, status, firstByteAtMs, lastByteAtMs, brokenOffAtMs, lateMs } = entry;
        assert.ok(entry.abortedAtMs !== null && entry.abortedAtMs > entry.arrivedAtMs);
        assert.deepEqual(
          [fault, status, firstByteAtMs, lastByteAtMs, brokenOffAtMs, lateMs],
          ['hang', null, null, null, null, null],
        );
      }
      await mock.inFlight(0);
    });
  }
});
