import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { testPagesInBrowser } from '../testing/testPage.ts';
import { collectVitals, type PageVitals } from './collectVitals.ts';

const SERVER_MS = 80;
const PICTURE_MS = 250;
const HOLD_MS = 120;
const PAGE = `<!doctype html><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>body { margin: 0; font: 20px sans-serif } img { width: 600px; height: 400px }</style>
<h1>A heading</h1><button id="ask">Ask</button><p id="below">Below</p>
<script>
const planted = location.search;
if (planted.includes('late')) {
  setTimeout(() => {
    const picture = new Image();
    picture.src = '/picture.svg';
    picture.id = 'hero';
    document.body.append(picture);
  }, ${PICTURE_MS});
}
if (planted.includes('shift')) {
  // What was not painted yet cannot shift.
  new PerformanceObserver(() => setTimeout(() => {
    document.querySelector('#below').style.marginTop = '200px';
    document.body.dataset.shifted = '';
  }, 100)).observe({ type: 'paint', buffered: true });
}
document.querySelector('#ask').onclick = () => {
  const until = performance.now() + (planted.includes('hold') ? ${HOLD_MS} : 0);
  while (performance.now() < until);
  document.querySelector('#ask').append('!');
};
</script>`;
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><rect width="600" height="400" fill="#369"/>
${Array.from({ length: 400 }, (_, i) => `<circle cx="${(i * 37) % 600}" cy="${(i * 53) % 400}" r="${i % 17}" fill="#${(i * 7919).toString(16).slice(-3).padStart(3, '0')}"/>`).join('')}</svg>`;

const { server, browser } = await testPagesInBrowser({
  '/': async (_, response) => {
    await wait(SERVER_MS);
    response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
  },
  '/picture.svg': (_, response) =>
    void response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(PICTURE),
});
const context = await browser.newContext();

async function vitalsOf(
  planted: string,
  act: (page: Page) => Promise<unknown>,
): Promise<PageVitals> {
  const page = await context.newPage();
  const collection = await collectVitals(page);
  await page.goto(`${server.url}/?${planted}`);
  await act(page);
  const vitals = await collection.read();
  await page.close();
  return vitals;
}

const shifted = (page: Page) => page.waitForSelector('body[data-shifted]');

test('a clean page has its times in order, no shift and no interaction', async () => {
  const vitals = await vitalsOf('', () => wait(200));
  assert.ok(Number(vitals.ttfbMs) >= SERVER_MS);
  assert.ok(Number(vitals.fcpMs) > Number(vitals.ttfbMs));
  assert.ok(Number(vitals.lcp?.valueMs) >= Number(vitals.fcpMs));
  assert.match(vitals.lcp?.element ?? '', /h1|p|button/);
  assert.deepEqual(vitals.cls, { score: 0, largestShift: null });
  assert.equal(vitals.labInp, null);
});

test('names a largest picture that comes late, and what it waited for', async () => {
  const { lcp, fcpMs } = await vitalsOf('late', async (page) => {
    await page.waitForSelector('#hero');
    await page.waitForFunction(() => document.querySelector('img')?.complete === true);
    await wait(150);
  });
  assert.match(lcp?.element ?? '', /#hero/);
  assert.ok(Number(lcp?.valueMs) >= Number(fcpMs) && Number(lcp?.valueMs) >= PICTURE_MS);
  const parts = [
    lcp?.timeToFirstByteMs,
    lcp?.resourceLoadDelayMs,
    lcp?.resourceLoadMs,
    lcp?.elementRenderDelayMs,
  ].map(Number);
  const sum = parts.reduce((total, ms) => total + ms);
  assert.ok(Math.abs(sum - Number(lcp?.valueMs)) < 1, JSON.stringify(lcp));
  assert.ok(Number(lcp?.resourceLoadDelayMs) > Number(lcp?.resourceLoadMs));
});

test('a layout shift names what moved', async () => {
  const { cls } = await vitalsOf('shift', shifted);
  assert.ok(Number(cls?.score) > 0.001, JSON.stringify(cls));
  const shift = cls?.largestShift;
  assert.equal(shift?.score, cls?.score);
  assert.deepEqual(shift?.elements, ['p#below']);
});

test('a late answer to a click is reported with its target and its three parts, a quick one with less', async () => {
  const held = await vitalsOf('hold', (page) => page.click('#ask'));
  const { valueMs, target, inputDelayMs, processingMs, presentationDelayMs } = held.labInp ?? {};
  assert.ok(Number(valueMs) >= HOLD_MS, JSON.stringify(held.labInp));
  assert.match(target ?? '', /#ask/);
  assert.ok(Number(processingMs) >= HOLD_MS);
  const sum = Number(inputDelayMs) + Number(processingMs) + Number(presentationDelayMs);
  // Chromium rounds the whole to 8 ms, not the parts.
  assert.ok(Math.abs(sum - Number(valueMs)) <= 8, JSON.stringify(held.labInp));

  const quick = await vitalsOf('', (page) => page.click('#ask'));
  assert.notEqual(quick.labInp, null);
  assert.ok(Number(quick.labInp?.processingMs) < HOLD_MS, JSON.stringify(quick.labInp));
});

test('a key counts as an interaction', async () => {
  const { labInp } = await vitalsOf('hold', async (page) => {
    await page.focus('#ask');
    await page.keyboard.press('Enter');
  });
  assert.ok(Number(labInp?.valueMs) >= HOLD_MS);
});

test('the page cannot see the library, and another document has vitals of its own', async () => {
  const plain = await context.newPage();
  await plain.goto(server.url);
  const page = await context.newPage();
  const collection = await collectVitals(page);
  await page.goto(`${server.url}/?shift`);
  await shifted(page);
  const globals = () => Object.getOwnPropertyNames(window).sort().join();
  assert.equal(await page.evaluate(globals), await plain.evaluate(globals));
  await plain.close();
  assert.ok(Number((await collection.read()).cls?.score) > 0);
  await page.goto(server.url);
  await wait(150);
  assert.equal((await collection.read()).cls?.score, 0);
  await page.close();
});

test('reading before the first document is an error', async () => {
  const page = await context.newPage();
  const collection = await collectVitals(page);
  await assert.rejects(collection.read(), { code: 'PAGE_LOST' });
  await page.close();
});
