import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from '@playwright/test';
import { testPagesInBrowser } from '../testing/testPage.ts';
import { tallyFrames, watchLongTasks } from './watchLongTasks.ts';

const PAGE = `<!doctype html><link rel="icon" href="data:,">
<button id="long">Long</button><button id="short">Short</button><script src="/busy.js"></script>`;
const SCRIPT = `
function holdFor(durationMs) {
  const until = performance.now() + durationMs;
  while (performance.now() < until);
  document.body.append('held ');
}
document.querySelector('#long').onclick = function holdLong() { holdFor(150); };
document.querySelector('#short').onclick = function holdShort() { holdFor(5); };
`;

const { server, browser } = await testPagesInBrowser({
  '/': PAGE,
  '/busy.js': (_, response) =>
    void response.writeHead(200, { 'content-type': 'text/javascript' }).end(SCRIPT),
});

async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(server.url);
  return page;
}

test('a long task blocks for what it takes beyond 50 ms, and misses frames', async () => {
  const page = await openPage();
  const watch = await watchLongTasks(page, { countFrames: true });
  await page.click('#long');
  const { totalBlockingMs, frames } = await watch.stop();
  await page.close();
  assert.ok(totalBlockingMs >= 100, `${totalBlockingMs}`);
  // 150 ms hold some nine frames of 60 Hz, less those that were on their way; a busy machine has several.
  assert.ok(frames !== null && frames.missed >= 3, JSON.stringify(frames));
});

test('short tasks and tasks before the watch do not count', async () => {
  const page = await openPage();
  await page.click('#long');
  const watch = await watchLongTasks(page);
  await page.click('#short');
  const { totalBlockingMs, frames } = await watch.stop();
  await page.close();
  // A busy machine may hold the page up as well.
  assert.ok(totalBlockingMs < 100, `${totalBlockingMs}`);
  assert.equal(frames, null);
});

test('with `sinceMs`, earlier tasks and frames do not count', async () => {
  const page = await openPage();
  const watch = await watchLongTasks(page, { countFrames: true });
  await page.click('#long');
  const sinceMs = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        requestAnimationFrame(() =>
          setTimeout(() => resolve(performance.timeOrigin + performance.now())),
        );
      }),
  );
  await page.click('#short');
  const { totalBlockingMs, frames } = await watch.stop({ sinceMs });
  await page.close();
  assert.ok(totalBlockingMs < 100, `${totalBlockingMs}`);
  assert.ok(frames !== null && frames.missed < 9, JSON.stringify(frames));
});

test('missed frames are whole intervals beyond the first', () => {
  assert.deepEqual(tallyFrames([0, 16, 33, 50], 16.7), { shown: 4, missed: 0 });
  assert.equal(tallyFrames([0, 16.7, 50.1, 66.8], 16.7).missed, 1);
  assert.equal(tallyFrames([0, 24], 16.7).missed, 0);
  assert.equal(tallyFrames([0, 26], 16.7).missed, 1);
  assert.equal(tallyFrames([0, 167], 16.7).missed, 9);
  assert.deepEqual(tallyFrames([], 16.7), { shown: 0, missed: 0 });
});
