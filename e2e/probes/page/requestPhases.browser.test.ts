import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { closedPort } from '../testing/fakeServer.ts';
import { launchBrowser } from '../testing/launchBrowser.ts';
import { CHUNK, CHUNKS, fetchBy, GAP_MS, REQUEST_ROUTES } from '../testing/requestPage.ts';
import { testPage } from '../testing/testPage.ts';
import { type RequestRecording, requestPhases } from './requestPhases.ts';
import type { RequestTiming } from './requestTiming.ts';

const server = await testPage(REQUEST_ROUTES);
const other = await testPage(REQUEST_ROUTES);
const browser = await launchBrowser();
const context = await browser.newContext();
after(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

/** Records what `act` does on a page that was loaded before. */
async function recording(
  act: (page: Page, recording: RequestRecording) => Promise<unknown>,
): Promise<RequestTiming[]> {
  const page = await context.newPage();
  await page.goto(server.url);
  const recorded = await requestPhases(page, { requestIdHeader: 'X-Request-ID' });
  await act(page, recorded);
  const timings = await recorded.stop();
  await page.close();
  // Chromium asks for it when it likes.
  return timings.filter(({ url }) => !url.endsWith('/favicon.ico'));
}

function only(timings: RequestTiming[]): RequestTiming {
  assert.equal(timings.length, 1, JSON.stringify(timings));
  return timings[0] as RequestTiming;
}

test('a request on a connection that stands: its id, sizes, and waiting where the server waited', async () => {
  const before = Date.now();
  const timing = only(await recording((page) => fetchBy(page, '/slow', 'text')));
  assert.equal(timing.url, `${server.url}/slow`);
  const { method, resourceType, protocol, status, fromCache, end, failure, requestId } = timing;
  assert.deepEqual(
    { method, resourceType, protocol, status, fromCache, end, failure, requestId },
    {
      method: 'GET',
      resourceType: 'Fetch',
      protocol: 'http/1.1',
      status: 200,
      fromCache: 'none',
      end: 'finished',
      failure: null,
      requestId: 'slow-1',
    },
  );
  const { dnsMs, connectMs, tlsMs, sendMs, waitMs, queueMs, downloadMs } = timing.phases;
  assert.deepEqual([dnsMs, connectMs, tlsMs], [null, null, null]);
  const wholeMs = Number(timing.endAtMs) - timing.startAtMs;
  const known = [queueMs, sendMs, waitMs, downloadMs].map(Number);
  assert.ok(Math.abs(known.reduce((sum, ms) => sum + ms) - wholeMs) < 0.01, JSON.stringify(timing));
  // How long a busy browser takes to send it at all is not the server's.
  const sentMs = wholeMs - Number(queueMs);
  assert.ok(Number(waitMs) > 55 && Number(waitMs) > sentMs / 2, JSON.stringify(timing));
  assert.equal(timing.decodedBytes, 4);
  assert.ok(Number(timing.encodedBytes) > 4 + 'HTTP/1.1 200 OK'.length);
  assert.ok(timing.startAtMs > before - 1 && Number(timing.endAtMs) < Date.now() + 1);
});

test('a connection of its own has phases of connecting', async () => {
  const timing = only(await recording((page) => fetchBy(page, `${other.url}/stream`, 'text')));
  assert.ok(Number(timing.phases.connectMs) > 0, JSON.stringify(timing.phases));
  assert.equal(timing.phases.tlsMs, null);
});

test('a stream read to its end is finished, however Chromium calls it; one given up is not', async () => {
  const ways = ['text', 'pieces', 'cancel', 'abort'] as const;
  for (const url of ['/stream', '/stream-with-length', `${other.url}/stream?open`]) {
    const timings = await recording(async (page) => {
      for (const how of ways) await fetchBy(page, url, how);
      await wait(50);
    });
    const told = JSON.stringify(timings);
    assert.deepEqual(
      timings.map(({ end, failure, requestId }) => [end, failure, requestId]),
      [
        ['finished', null, 'req-7'],
        ['finished', null, 'req-7'],
        ['failed', 'net::ERR_ABORTED', 'req-7'],
        ['failed', 'net::ERR_ABORTED', 'req-7'],
      ],
      told,
    );
    for (const { decodedBytes, encodedBytes, phases } of timings.slice(0, 2)) {
      assert.equal(decodedBytes, CHUNKS * CHUNK.length, told);
      assert.ok(Number(encodedBytes) > CHUNKS * CHUNK.length, told);
      const { waitMs, downloadMs } = phases;
      assert.ok(Number(downloadMs) > 0, told);
      // A browser that is held up sees the first byte late, and the rest with it.
      assert.ok(Number(waitMs) + Number(downloadMs) > (CHUNKS - 2) * GAP_MS, told);
    }
    const downloads = timings.slice(0, 2).map(({ phases }) => Number(phases.downloadMs));
    assert.ok(Math.max(...downloads) > (CHUNKS - 2) * GAP_MS, told);
    for (const { phases } of timings.slice(2)) assert.equal(phases.downloadMs, null, told);
  }
});

test('of another origin that hides its sizes, nothing is made up', async () => {
  const fetched = (...ways: Parameters<typeof fetchBy>[2][]) =>
    recording(async (page) => {
      for (const how of ways) await fetchBy(page, `${other.url}/stream`, how);
      await wait(400);
    });
  const told = (timings: RequestTiming[]) =>
    timings.map(({ end, failure, decodedBytes }) => [end, failure, decodedBytes === null]);
  const finished = ['finished', null, false];
  const undecided = ['undecided', 'net::ERR_ABORTED', true];
  assert.deepEqual(told(await fetched('text', 'abort')), [
    finished,
    ['failed', 'net::ERR_ABORTED', false],
  ]);
  // Chromium calls it aborted where the page is quicker than the network's word, which on a busy machine it may not be.
  const many = Array<'pieces'>(3).fill('pieces');
  for (let tries = 0; ; tries++) {
    const all = told(await fetched(...many));
    const isAborted = (one: (typeof all)[number]) => one[1] !== null;
    for (const one of all) assert.deepEqual(one, isAborted(one) ? undecided : finished);
    if (all.some(isAborted)) break;
    assert.ok(tries < 10, 'Chromium never called it aborted');
  }
});

test('an answer without a body is finished', async () => {
  const timing = only(await recording((page) => fetchBy(page, '/nothing', 'pieces')));
  assert.deepEqual([timing.status, timing.end, timing.failure], [204, 'finished', null]);
});

test('an answer that breaks off, a server that is not there, an error of the server', async () => {
  const nowhere = `http://127.0.0.1:${await closedPort()}/`;
  const timings = await recording(async (page) => {
    for (const url of ['/broken', nowhere, '/error']) {
      await fetchBy(page, url, 'pieces').catch(() => undefined);
    }
  });
  assert.deepEqual(
    timings.map(({ end, failure, status, fromCache }) => [end, failure, status, fromCache]),
    [
      ['failed', 'net::ERR_INCOMPLETE_CHUNKED_ENCODING', 200, 'none'],
      ['failed', 'net::ERR_CONNECTION_REFUSED', null, null],
      ['finished', null, 503, 'none'],
    ],
  );
  assert.deepEqual(new Set(Object.values(timings[1]?.phases ?? {})), new Set([null]));
  assert.deepEqual([timings[1]?.encodedBytes, timings[1]?.decodedBytes], [null, null]);
});

test('what still goes on is listed as unfinished; reading does not end the recording', async () => {
  const timings = await recording(async (page, recorded) => {
    await page.evaluate(() => void fetch('/hanging').then((response) => response.text()));
    await wait(40);
    const [first] = await recorded.read();
    assert.deepEqual([first?.end, first?.endAtMs], ['unfinished', null]);
    await fetchBy(page, '/error', 'text');
  });
  assert.deepEqual(
    timings.map(({ end, status }) => [end, status]),
    [
      ['unfinished', 200],
      ['finished', 503],
    ],
  );
  const { waitMs, downloadMs } = timings[0]?.phases ?? {};
  assert.ok(Number(waitMs) > 0);
  assert.equal(downloadMs, null);
});
