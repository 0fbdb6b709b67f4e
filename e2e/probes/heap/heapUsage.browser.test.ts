import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import { launchBrowser } from '../testing/launchBrowser.ts';
import { type HeapUsage, heapUsage } from './heapUsage.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** What changes by a piece of code. */
async function changeBy(change: (page: Page) => Promise<unknown>): Promise<[HeapUsage, HeapUsage]> {
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  // What Playwright brings along for its first call.
  await page.evaluate(() => undefined);
  const at = await heapUsage(session);
  await change(page);
  const then = await heapUsage(session);
  await page.close();
  return [at, then];
}

test('nodes and listeners are counted to the last one', async () => {
  const [one, other] = await changeBy((page) =>
    page.evaluate(() => {
      for (let count = 0; count < 7; count++) {
        document.body.append(document.createElement('p'));
        document.body.addEventListener('click', () => count);
      }
    }),
  );
  assert.equal(other.nodes - one.nodes, 7);
  assert.equal(other.listeners - one.listeners, 7);
  assert.equal(other.documents, one.documents);
});

test('what is kept counts, in the heap that keeps it', async () => {
  const [one, other] = await changeBy((page) =>
    page.evaluate(() => {
      const kept = [
        Array.from({ length: 10_000 }, (_, value) => ({ value })),
        new ArrayBuffer(1e6),
      ];
      Object.assign(window, { kept });
    }),
  );
  const grown = other.usedBytes - one.usedBytes;
  assert.ok(grown > 160_000 && grown < 600_000, `${grown}`);
  assert.ok(one.backingStoreBytes !== null && other.backingStoreBytes !== null);
  assert.ok(other.backingStoreBytes - one.backingStoreBytes >= 1e6);
  assert.ok(other.totalBytes >= other.usedBytes);
  assert.ok(other.embedderBytes !== null && other.embedderBytes > 0);
});

test('the clean twin: what nobody keeps is gone', async () => {
  const [one, other] = await changeBy((page) =>
    page.evaluate(() => {
      Array.from({ length: 100_000 }, (_, value) => ({ value }));
      for (let count = 0; count < 100; count++) {
        document.createElement('p').addEventListener('click', () => undefined);
      }
    }),
  );
  assert.ok(other.usedBytes - one.usedBytes < 200_000, `${other.usedBytes - one.usedBytes}`);
  assert.equal(other.nodes, one.nodes);
  assert.equal(other.listeners, one.listeners);
});
