import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from '@playwright/test';
import { launchBrowser } from '../testing/launchBrowser.ts';
import { testPage } from '../testing/testPage.ts';
import { framesOf, longTasks } from './longTasks.ts';

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

const server = await testPage({
  '/': PAGE,
  '/busy.js': (_, response) =>
    void response.writeHead(200, { 'content-type': 'text/javascript' }).end(SCRIPT),
});
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(server.url);
  return page;
}

test('a long task is seen with the script that held the page', async () => {
  const page = await openPage();
  const watch = await longTasks(page, { countFrames: true });
  await page.click('#long');
  const { longTasks: tasks, totalBlockingMs, frames, ...moments } = await watch.stop();
  await page.close();
  const [task] = tasks.filter(({ durationMs }) => durationMs >= 150);
  assert.ok(task !== undefined, JSON.stringify(tasks));
  assert.equal(task.blockingMs, task.durationMs - 50);
  assert.ok(totalBlockingMs >= task.blockingMs);
  assert.ok(task.startedAtMs >= moments.startedAtMs && task.startedAtMs < moments.endedAtMs);
  const [script] = task.scripts;
  assert.equal(script?.url, `${server.url}/busy.js`);
  assert.equal(script?.functionName, 'holdLong');
  assert.match(script?.invoker ?? '', /BUTTON#long\.onclick/);
  assert.ok(Number(script?.durationMs) >= 150);
  // 150 ms hold some nine frames of 60 Hz, less those that were on their way; a busy machine has several.
  assert.ok(frames !== null && Number(frames.longestMs) >= 75, JSON.stringify(frames));
  assert.ok(frames.missed >= 75 / frames.refreshIntervalMs - 1, JSON.stringify(frames));
});

test('short tasks are none, and what was over before does not count', async () => {
  const page = await openPage();
  await page.click('#long');
  const watch = await longTasks(page);
  await page.click('#short');
  const { longTasks: tasks, frames } = await watch.stop();
  await page.close();
  // The machine may hold the page up as well: what this page's scripts did is the question.
  const scripts = tasks.flatMap(({ scripts }) => scripts.map(({ functionName }) => functionName));
  assert.ok(!scripts.includes('holdLong') && !scripts.includes('holdShort'), String(scripts));
  assert.equal(frames, null);
});

test('what was before a moment is left out where that is asked for', async () => {
  const page = await openPage();
  const watch = await longTasks(page, { countFrames: true });
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
  const { startedAtMs, longTasks: tasks, totalBlockingMs, frames } = await watch.stop({ sinceMs });
  await page.close();
  assert.equal(startedAtMs, sinceMs);
  const scripts = tasks.flatMap(({ scripts }) => scripts.map(({ functionName }) => functionName));
  assert.ok(!scripts.includes('holdLong'), String(scripts));
  assert.ok(totalBlockingMs < 100, `${totalBlockingMs}`);
  assert.ok(frames !== null && Number(frames.longestMs) < 150, JSON.stringify(frames));
});

test('missed frames are whole intervals beyond the first', () => {
  assert.deepEqual(framesOf([0, 16, 33, 50], 16.7), {
    refreshIntervalMs: 16.7,
    shown: 4,
    missed: 0,
    longestMs: 17,
  });
  assert.equal(framesOf([0, 16.7, 50.1, 66.8], 16.7).missed, 1);
  assert.equal(framesOf([0, 24], 16.7).missed, 0);
  assert.equal(framesOf([0, 26], 16.7).missed, 1);
  assert.equal(framesOf([0, 167], 16.7).missed, 9);
  assert.deepEqual([framesOf([], 16.7).missed, framesOf([], 16.7).longestMs], [0, null]);
});
