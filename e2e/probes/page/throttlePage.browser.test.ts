import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from '@playwright/test';
import { testPagesInBrowser } from '../testing/testPage.ts';
import { MID_RANGE_PHONE, throttlePage } from './throttlePage.ts';

const LARGE_BYTES = 40_000;
const { server, browser } = await testPagesInBrowser({
  '/': '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><h1>A page</h1>',
  '/small': (_, response) => void response.end('x'),
  '/large': (_, response) => void response.end('x'.repeat(LARGE_BYTES)),
});

const QUARTERS = { quicker: 2, slower: 8 };

/** The same work many times, its quicker or slower quarter, so that other work of the machine counts for neither side. */
function workMs(page: Page, quarter: 'quicker' | 'slower'): Promise<number> {
  return page.evaluate((place) => {
    const tookMs = Array.from({ length: 12 }, () => {
      const startMs = performance.now();
      let sum = 0;
      for (let index = 0; index < 10_000_000; index++) sum += index % 7;
      return performance.now() - startMs + (sum < 0 ? 1 : 0);
    });
    return tookMs.sort((a, b) => a - b)[place] ?? Number.NaN;
  }, QUARTERS[quarter]);
}

function fetchMs(page: Page, path: string): Promise<number> {
  return page.evaluate(async (path) => {
    const startMs = performance.now();
    await (await fetch(path, { cache: 'no-store' })).text();
    return performance.now() - startMs;
  }, path);
}

function screenOf(page: Page) {
  return page.evaluate(() => ({
    width: innerWidth,
    height: innerHeight,
    scale: devicePixelRatio,
    touchPoints: navigator.maxTouchPoints,
    coarse: matchMedia('(pointer: coarse)').matches,
  }));
}

test('a page is slowed down to a phone', async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  const workBeforeMs = await workMs(page, 'quicker');

  await throttlePage(page, MID_RANGE_PHONE);
  const { network, viewport } = MID_RANGE_PHONE;
  const workThrottledMs = await workMs(page, 'slower');
  assert.ok(workThrottledMs > 1.5 * workBeforeMs, `${workBeforeMs} → ${workThrottledMs} ms`);
  assert.ok((await fetchMs(page, '/small')) >= network.latencyMs);
  const transferMs = (LARGE_BYTES / network.downloadBytesPerSecond) * 1000;
  // Chromium lets the first piece pass at once.
  assert.ok((await fetchMs(page, '/large')) >= network.latencyMs + transferMs / 2);
  assert.deepEqual(await screenOf(page), {
    width: viewport.widthPx,
    height: viewport.heightPx,
    scale: viewport.deviceScaleFactor,
    touchPoints: 5,
    coarse: true,
  });
  await page.close();
});
