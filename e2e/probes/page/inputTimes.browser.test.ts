import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchBrowser } from '../testing/launchBrowser.ts';
import { testPage } from '../testing/testPage.ts';
import { inputTimes } from './inputTimes.ts';

const HOLD_MS = 200;
const server = await testPage({
  '/': `<!doctype html><link rel="icon" href="data:,"><button id="one">One</button><input id="two">
<script>
  one.onclick = () => {
    const until = performance.now() + ${HOLD_MS};
    while (performance.now() < until);
    document.body.dataset.handledAtMs = performance.timeOrigin + performance.now();
  };
</script>`,
});
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

test('clicks and keys count from when the browser got them, whatever the page does with them', async () => {
  await using page = await browser.newPage();
  await page.goto(server.url);
  const watch = await inputTimes(page);
  assert.deepEqual(await watch.read(), []);
  const beforeMs = await page.evaluate(() => performance.timeOrigin + performance.now());
  await page.click('#one');
  await page.locator('#two').pressSequentially('ab');
  const inputs = await watch.read();
  const handledAtMs = await page.evaluate(() => Number(document.body.dataset.handledAtMs));
  assert.deepEqual(
    inputs.map(({ kind }) => kind),
    ['click', 'key', 'key'],
  );
  const [clickMs = 0, firstMs = 0, secondMs = 0] = inputs.map(({ atMs }) => atMs);
  assert.ok(clickMs >= beforeMs && clickMs <= handledAtMs - HOLD_MS, `${clickMs}`);
  assert.ok(firstMs >= handledAtMs && secondMs >= firstMs, `${firstMs}, ${secondMs}`);
});

test('neither what came before, nor what a script makes up, nor the click that a key brings about', async () => {
  await using page = await browser.newPage();
  await page.goto(server.url);
  await page.locator('#two').pressSequentially('a');
  const watch = await inputTimes(page);
  await page.evaluate(() => document.querySelector<HTMLElement>('#one')?.click());
  assert.deepEqual(await watch.read(), []);
  await page.locator('#one').press('Enter');
  const kinds = (await watch.read()).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['key']);
});

test('a page that is gone is no page without input', async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  const watch = await inputTimes(page);
  await page.goto(server.url);
  await assert.rejects(watch.read(), { code: 'PAGE_LOST' });
  await page.close();
});
