import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { closedPort } from '../testing/fakeServer.ts';
import { launchBrowser } from '../testing/launchBrowser.ts';
import { testPage } from '../testing/testPage.ts';
import { type RequestRecording, requestPhases } from './requestPhases.ts';
import type { RequestTiming } from './requestTiming.ts';

const CHUNKS = 4;
const GAP_MS = 15;
const CHUNK = '{"chunk":1}\n';

/** Answers in pieces, as a model's answer comes; `ending` says what becomes of it. */
const streams =
  (headers: Record<string, string>, ending: 'end' | 'destroy' | 'hang' = 'end'): RequestListener =>
  async ({ url }, response) => {
    const open = url?.includes('?open') ? { 'timing-allow-origin': '*' } : {};
    const head = { 'cache-control': 'no-store', 'x-request-id': 'req-7', ...open, ...headers };
    response.writeHead(200, head);
    response.flushHeaders();
    for (let sent = 0; sent < CHUNKS; sent++) {
      await wait(GAP_MS);
      response.write(CHUNK);
    }
    if (ending === 'end') response.end();
    if (ending === 'destroy') response.destroy();
  };

const LENGTH = { 'content-length': String(CHUNKS * CHUNK.length) };
const SHARED = { 'access-control-allow-origin': '*' };
const ROUTES: Record<string, string | RequestListener> = {
  '/': '<h1>A page</h1><link rel="icon" href="data:,">',
  '/stream': streams(SHARED),
  '/stream-with-length': streams(LENGTH),
  '/broken': streams({}, 'destroy'),
  '/hanging': streams({}, 'hang'),
  '/slow': async (_, response) => {
    await wait(60);
    response.writeHead(200, { 'X-Request-Id': 'slow-1' }).end('late');
  },
  '/from': (_, response) => {
    response.writeHead(302, { location: '/slow', 'x-request-id': 'from-1' }).end();
  },
  '/error': (_, response) => void response.writeHead(503).end('down'),
  '/nothing': (_, response) => void response.writeHead(204, { 'cache-control': 'no-store' }).end(),
  '/kept': (_, response) =>
    void response.writeHead(200, { 'cache-control': 'max-age=60' }).end('x'),
  '/checked': ({ headers }, response) => {
    const isKnown = headers['if-none-match'] === '"1"';
    response.writeHead(isKnown ? 304 : 200, { etag: '"1"', 'cache-control': 'no-cache' });
    response.end(isKnown ? undefined : 'content');
  },
};

const server = await testPage(ROUTES);
const other = await testPage(ROUTES);
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
  return timings;
}

/** Fetches as a page does: to the end by `text()` or by pieces, or gives up after the first piece. */
function fetchBy(page: Page, url: string, how: 'text' | 'pieces' | 'cancel' | 'abort') {
  return page.evaluate(
    async ({ url, how }) => {
      const controller = new AbortController();
      const response = await fetch(url, { signal: controller.signal });
      if (how === 'text') return response.text();
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
        text += piece.value;
        if (how === 'cancel') await reader?.cancel();
        if (how === 'abort') controller.abort();
        if (how !== 'pieces') break;
      }
      return text;
    },
    { url, how },
  );
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
  assert.ok(Number(waitMs) > 55 && Number(waitMs) > wholeMs / 2, JSON.stringify(timing));
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
      assert.ok(Number(phases.downloadMs) > (CHUNKS - 2) * GAP_MS, told);
    }
    for (const { phases } of timings.slice(2)) assert.equal(phases.downloadMs, null, told);
  }
});

test('of another origin that hides its sizes, nothing is made up', async () => {
  const timings = await recording(async (page) => {
    await fetchBy(page, `${other.url}/stream`, 'text');
    await fetchBy(page, `${other.url}/stream`, 'pieces');
    await fetchBy(page, `${other.url}/stream`, 'abort');
    await wait(50);
  });
  assert.deepEqual(
    timings.map(({ end, failure, decodedBytes }) => [end, failure, decodedBytes === null]),
    [
      ['finished', null, false],
      ['undecided', 'net::ERR_ABORTED', true],
      ['failed', 'net::ERR_ABORTED', false],
    ],
  );
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

test('a redirect is a request of its own before the one it leads to', async () => {
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
  // Each start is the wall clock's, so that the two differ by what reading it twice costs.
  assert.ok(Math.abs(Number(timings[0]?.endAtMs) - Number(timings[1]?.startAtMs)) < 5);
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

test('what the cache holds is not of the network; what it asked about again is; data: is no request', async () => {
  const timings = await recording(async (page) => {
    for (const url of ['/kept', '/kept', '/checked', '/checked', 'data:text/plain,x']) {
      await fetchBy(page, url, 'text');
    }
  });
  assert.deepEqual(
    timings.map(({ fromCache, revalidated, encodedBytes }) => [
      fromCache,
      revalidated,
      Number(encodedBytes) > 0,
    ]),
    [
      ['none', false, true],
      ['disk', false, false],
      ['none', false, true],
      ['none', true, true],
    ],
  );
  assert.deepEqual([timings[1]?.phases.waitMs, timings[1]?.decodedBytes], [null, 1]);
  assert.ok(Number(timings[3]?.phases.waitMs) > 0);
});

test('the load of a page begins with its document; what its memory cache holds has no phase', async () => {
  const picture: RequestListener = (_, response) => {
    const headers = { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=60' };
    response.writeHead(200, headers).end('<svg xmlns="http://www.w3.org/2000/svg"/>');
  };
  const icon = '<link rel="icon" href="data:,">';
  await using pictures = await testPage({ '/': `${icon}<img src="/i.svg">`, '/i.svg': picture });
  const page = await context.newPage();
  const recorded = await requestPhases(page);
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
