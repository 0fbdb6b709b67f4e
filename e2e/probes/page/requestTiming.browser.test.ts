import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, test } from 'node:test';
import type { Page } from '@playwright/test';
import { launchBrowser } from '../testing/launchBrowser.ts';
import { fetchBy, REQUEST_ROUTES } from '../testing/requestPage.ts';
import { testPage } from '../testing/testPage.ts';
import { requestPhases } from './requestPhases.ts';
import type { RequestTiming } from './requestTiming.ts';

const server = await testPage(REQUEST_ROUTES);
const browser = await launchBrowser();
const context = await browser.newContext();
after(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

/** Records what `act` does on a page that was loaded before. */
async function recording(act: (page: Page) => Promise<unknown>): Promise<RequestTiming[]> {
  const page = await context.newPage();
  await page.goto(server.url);
  const recorded = await requestPhases(page, { requestIdHeader: 'X-Request-ID' });
  await act(page);
  const timings = await recorded.stop();
  await page.close();
  // Chromium asks for it when it likes.
  return timings.filter(({ url }) => !url.endsWith('/favicon.ico'));
}

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
  // The id in a kept head is that of the request that was kept.
  assert.deepEqual([timings[0]?.requestId, timings[1]?.requestId], ['kept-1', null]);
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
