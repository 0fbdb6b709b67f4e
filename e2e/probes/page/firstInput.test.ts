import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchBrowser } from '../testing/launchBrowser.ts';
import { testPage } from '../testing/testPage.ts';
import { firstInput } from './firstInput.ts';

const HOLD_MS = 200;
const server = await testPage({
  '/': `<!doctype html><link rel="icon" href="data:,"><button id="one">One</button><input id="two">
<script>
  const now = () => performance.timeOrigin + performance.now();
  one.onclick = () => {
    const until = performance.now() + ${HOLD_MS};
    while (performance.now() < until);
    document.body.dataset.handledAtMs = now();
  };
</script>`,
});
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

test('the first click counts from when the browser got it, whatever the page does with it and whatever follows', async () => {
  await using page = await browser.newPage();
  await page.goto(server.url);
  const watch = await firstInput(page);
  assert.equal(await watch.read(), null);
  const beforeMs = await page.evaluate(() => performance.timeOrigin + performance.now());
  await page.click('#one');
  await page.fill('#two', '');
  await page.locator('#two').pressSequentially('ab');
  const atMs = await watch.read();
  const handledAtMs = await page.evaluate(() => Number(document.body.dataset.handledAtMs));
  assert.ok(atMs !== null && atMs >= beforeMs && atMs <= handledAtMs - HOLD_MS, `${atMs}`);
});

test('a key counts, what came before the watch and what a script makes up do not', async () => {
  await using page = await browser.newPage();
  await page.goto(server.url);
  await page.locator('#two').pressSequentially('a');
  const watch = await firstInput(page);
  await page.evaluate(() => document.querySelector<HTMLElement>('#one')?.click());
  assert.equal(await watch.read(), null);
  await page.locator('#two').pressSequentially('b');
  assert.notEqual(await watch.read(), null);
});

test('a page that is gone is no page without input', async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  const watch = await firstInput(page);
  await page.goto(server.url);
  await assert.rejects(watch.read(), { code: 'PAGE_LOST' });
  await page.close();
});
