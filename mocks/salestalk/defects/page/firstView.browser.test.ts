import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchChromium } from '../../testing/launchChromium.ts';
import { testPage } from './testing/testPage.ts';

const browser = await launchChromium();
after(() => browser.close());

/** When the page first shows something, and what the largest of it is, once it has loaded. */
async function firstView(...defects: string[]) {
  await using tested = await testPage(browser, defects, () => {
    new PerformanceObserver((list) => {
      const largest = list.getEntries().at(-1) as PerformanceEntry & { element: Element | null };
      const { startTime: atMs, element } = largest;
      Object.assign(globalThis, { largest: { atMs, name: element?.localName } });
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  });
  return await tested.page.evaluate(() => ({
    firstPaintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    largest: Reflect.get(globalThis, 'largest') as { atMs: number; name: string },
  }));
}

test('blocking-script holds back all, late-largest-element the largest alone', async () => {
  const [blocked, late, clean] = await Promise.all([
    firstView('blocking-script'),
    firstView('late-largest-element'),
    firstView(),
  ]);
  assert.ok(blocked.firstPaintMs >= 1_500, `${blocked.firstPaintMs}`);
  assert.equal(blocked.largest.name, 'p');
  assert.ok(late.firstPaintMs < late.largest.atMs - 1_000, `${late.firstPaintMs}`);
  assert.equal(late.largest.name, 'img');
  assert.ok(late.largest.atMs >= 3_000, `${late.largest.atMs}`);
  assert.equal(clean.largest.name, 'p');
  assert.ok(clean.largest.atMs < late.largest.atMs, `${clean.largest.atMs}`);
});
