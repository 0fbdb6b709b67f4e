import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { closedPort } from '../testing/fakeServer.ts';
import { launchBrowser } from '../testing/launchBrowser.ts';
import { CHUNK, CHUNKS, fetchBy, GAP_MS, REQUEST_ROUTES } from '../testing/requestPage.ts';
import { testPage } from '../testing/testPage.ts';
import { recordRequests } from './recordRequests.ts';
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
async function recording(act: (page: Page) => Promise<unknown>): Promise<RequestTiming[]> {
  const page = await context.newPage();
  await page.goto(server.url);
  const recorded = await recordRequests(page, { requestIdHeader: 'X-Request-ID' });
  await act(page);
  const timings = await recorded.stop();
  await page.close();
  // Chromium requests it at any time.
  return timings.filter(({ url }) => !url.endsWith('/favicon.ico'));
}

function only(timings: RequestTiming[]): RequestTiming {
  assert.equal(timings.length, 1, JSON.stringify(timings));
  return timings[0] as RequestTiming;
}

test('a request on an open connection has its id, its sizes and the wait for the server', async () => {
  const before = Date.now();
  const timing = only(await recording((page) => fetchBy(page, '/slow', 'text')));
  assert.equal(timing.url, `${server.url}/slow`);
  const { method, resourceType, status, fromCache, end, failure, requestId } = timing;
  assert.deepEqual(
    { method, resourceType, status, fromCache, end, failure, requestId },
    {
      method: 'GET',
      resourceType: 'Fetch',
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
  // The time that a busy browser takes to send it is not the server's.
  const sentMs = wholeMs - Number(queueMs);
  assert.ok(Number(waitMs) > 55 && Number(waitMs) > sentMs / 2, JSON.stringify(timing));
  assert.ok(Number(timing.encodedBytes) > 4 + 'HTTP/1.1 200 OK'.length);
  assert.ok(timing.startAtMs > before - 1 && Number(timing.endAtMs) < Date.now() + 1);
});

test('a new connection has phases of connecting', async () => {
  const timing = only(await recording((page) => fetchBy(page, `${other.url}/stream`, 'text')));
  assert.ok(Number(timing.phases.connectMs) > 0, JSON.stringify(timing.phases));
  assert.equal(timing.phases.tlsMs, null);
});

test('a stream that is read to its end is finished, although Chromium reports an abort; a cancelled one is not', async () => {
  const ways = ['text', 'pieces', 'cancel', 'abort'] as const;
  for (const url of ['/stream', '/stream-with-length', `${other.url}/stream?open`]) {
    const timings = await recording(async (page) => {
      for (const how of ways) await fetchBy(page, url, how);
      await wait(50);
    });
    const shown = JSON.stringify(timings);
    assert.deepEqual(
      timings.map(({ end, failure, requestId }) => [end, failure, requestId]),
      [
        ['finished', null, 'req-7'],
        ['finished', null, 'req-7'],
        ['failed', 'net::ERR_ABORTED', 'req-7'],
        ['failed', 'net::ERR_ABORTED', 'req-7'],
      ],
      shown,
    );
    for (const { encodedBytes, phases } of timings.slice(0, 2)) {
      assert.ok(Number(encodedBytes) > CHUNKS * CHUNK.length, shown);
      const { waitMs, downloadMs } = phases;
      assert.ok(Number(downloadMs) > 0, shown);
      // A busy browser sees the first byte late, and the rest with it.
      assert.ok(Number(waitMs) + Number(downloadMs) > (CHUNKS - 2) * GAP_MS, shown);
    }
    const downloads = timings.slice(0, 2).map(({ phases }) => Number(phases.downloadMs));
    assert.ok(Math.max(...downloads) > (CHUNKS - 2) * GAP_MS, shown);
    for (const { phases } of timings.slice(2)) assert.equal(phases.downloadMs, null, shown);
  }
});

test('an abort on an origin that hides its sizes is undecided', async () => {
  const fetched = (...ways: Parameters<typeof fetchBy>[2][]) =>
    recording(async (page) => {
      for (const how of ways) await fetchBy(page, `${other.url}/stream`, how);
      await wait(400);
    });
  const endsOf = (timings: RequestTiming[]) => timings.map(({ end, failure }) => [end, failure]);
  const finished = ['finished', null];
  const undecided = ['undecided', 'net::ERR_ABORTED'];
  assert.deepEqual(endsOf(await fetched('text', 'abort')), [
    finished,
    ['failed', 'net::ERR_ABORTED'],
  ]);
  // Chromium reports an abort if the page is quicker than the network's report, which a busy machine may prevent.
  const many = Array<'pieces'>(3).fill('pieces');
  for (let tries = 0; ; tries++) {
    const all = endsOf(await fetched(...many));
    const isAborted = (one: (typeof all)[number]) => one[1] !== null;
    for (const one of all) assert.deepEqual(one, isAborted(one) ? undecided : finished);
    if (all.some(isAborted)) break;
    assert.ok(tries < 10, 'Chromium never reported an abort');
  }
});

test('an answer without a body is finished', async () => {
  const timing = only(await recording((page) => fetchBy(page, '/nothing', 'pieces')));
  assert.deepEqual([timing.status, timing.end, timing.failure], [204, 'finished', null]);
});

test('a broken answer and an absent server are failures, an error status is not', async () => {
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
  assert.equal(timings[1]?.encodedBytes, null);
});

test('a request under way is listed as unfinished', async () => {
  const [timing] = await recording(async (page) => {
    await page.evaluate(() => void fetch('/hanging').then((response) => response.text()));
    await wait(40);
  });
  assert.deepEqual([timing?.end, timing?.endAtMs, timing?.status], ['unfinished', null, 200]);
  assert.ok(Number(timing?.phases.waitMs) > 0);
  assert.equal(timing?.phases.downloadMs, null);
});

test('a redirect is a request of its own before the one that follows it', async () => {
  const timings = await recording((page) => fetchBy(page, '/from', 'text'));
  assert.deepEqual(
    timings.map(({ url, status, end, requestId }) => [
      new URL(url).pathname,
      status,
      end,
      requestId,
    ]),
    [
      ['/from', 302, 'redirected', 'from-1'],
      ['/slow', 200, 'finished', 'slow-1'],
    ],
  );
  // Each start is a reading of the wall clock, so the two differ by the time between the readings.
  assert.ok(Math.abs(Number(timings[0]?.endAtMs) - Number(timings[1]?.startAtMs)) < 5);
});

test('an answer from the cache used no network, a revalidated one did; data: is no request', async () => {
  const timings = await recording(async (page) => {
    for (const url of ['/kept', '/kept', '/checked', '/checked', 'data:text/plain,x']) {
      await fetchBy(page, url, 'text');
    }
  });
  assert.deepEqual(
    timings.map(({ fromCache, encodedBytes }) => [fromCache, Number(encodedBytes) > 0]),
    [
      ['none', true],
      ['disk', false],
      ['none', true],
      ['none', true],
    ],
  );
  assert.equal(timings[1]?.phases.waitMs, null);
  // A cached head has the id of the request that filled the cache.
  assert.deepEqual([timings[0]?.requestId, timings[1]?.requestId], ['kept-1', null]);
  assert.ok(Number(timings[3]?.phases.waitMs) > 0);
});

test('a visit begins with its document; an answer from the memory cache has no phases', async () => {
  const picture: RequestListener = (_, response) => {
    const headers = { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=60' };
    response.writeHead(200, headers).end('<svg xmlns="http://www.w3.org/2000/svg"/>');
  };
  const icon = '<link rel="icon" href="data:,">';
  await using pictures = await testPage({ '/': `${icon}<img src="/i.svg">`, '/i.svg': picture });
  const page = await context.newPage();
  const recorded = await recordRequests(page);
  await page.goto(pictures.url);
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.srcdoc = '<img src="/i.svg">';
        frame.onload = resolve;
        document.body.append(frame);
      }),
  );
  const timings = await recorded.stop();
  await page.close();
  assert.deepEqual(
    timings.map(({ resourceType, fromCache }) => `${resourceType} ${fromCache}`),
    ['Document none', 'Image none', 'Image memory'],
  );
  const { phases, encodedBytes, requestId } = timings[2] ?? {};
  assert.deepEqual(new Set(Object.values(phases ?? {})), new Set([null]));
  assert.deepEqual([encodedBytes, requestId], [0, null]);
});
