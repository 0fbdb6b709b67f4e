import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from '@playwright/test';
import { CHAT_SELECTORS, chatPage, type PlantedAnswer } from '../testing/chatPage.ts';
import { launchBrowser } from '../testing/launchBrowser.ts';
import { type AnswerTiming, watchAnswer } from './watchAnswer.ts';

const server = await chatPage();
const browser = await launchBrowser();
const context = await browser.newContext();
after(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

async function openPage(planted: PlantedAnswer): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.url}/#${encodeURIComponent(JSON.stringify(planted))}`);
  return page;
}

async function ask(page: Page, timeoutMs = 10_000): Promise<AnswerTiming> {
  const watch = await watchAnswer(page, CHAT_SELECTORS);
  await page.click('#ask');
  return watch.ended({ timeoutMs });
}

async function timingWith(planted: PlantedAnswer, timeoutMs?: number): Promise<AnswerTiming> {
  const page = await openPage(planted);
  const timing = await ask(page, timeoutMs);
  await page.close();
  return timing;
}

/** A time that must not be missing. */
function known(ms: number | null | undefined): number {
  assert.ok(typeof ms === 'number', 'a time is missing');
  return ms;
}

test('each piece of an answer is painted once, in its own frame, with gaps between them', async () => {
  const timing = await timingWith({ chunks: 5, gapMs: 60 });
  assert.equal(timing.outcome, 'complete');
  assert.equal(timing.paintedAtMs.length, 5);
  const gapsMs = timing.paintedAtMs.slice(1).map((ms, at) => ms - known(timing.paintedAtMs[at]));
  assert.ok(Math.abs(known(timing.longestGapMs) - Math.max(...gapsMs)) < 0.01);
  // A timer is never early, and a slow frame shortens the gap after it.
  assert.ok(known(timing.submitToFirstChunkMs) >= 60, JSON.stringify(timing));
  assert.ok(known(timing.submitToCompleteMs) >= 5 * 60);
  const lastedMs = known(timing.paintedAtMs[4]) - known(timing.submittedAtMs);
  assert.ok(known(timing.submitToCompleteMs) > lastedMs - 0.01, JSON.stringify(timing));
});

test('a piece is painted after Chromium painted it, and before the next piece', async (t) => {
  const page = await openPage({ chunks: 12, gapMs: 50 });
  await page.evaluate(() => {
    const elementTimes: [number, number][] = [];
    Object.assign(window, { elementTimes });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const paint = entry as PerformanceEntry & Record<string, number | string>;
        elementTimes.push([Number(paint.paintTime), Number(paint.presentationTime)]);
      }
    }).observe({ type: 'element', buffered: true });
  });
  const timing = await ask(page);
  const timeOrigin = await page.evaluate(() => performance.timeOrigin);
  await page.waitForFunction(
    () => 'elementTimes' in window && (window.elementTimes as unknown[]).length === 12,
  );
  const elementTimes = await page.evaluate(
    () => (window as unknown as { elementTimes: [number, number][] }).elementTimes,
  );
  await page.close();
  // Pieces that came within one frame were painted at one time.
  const frames = [...new Map(elementTimes.map(([paintMs, shownMs]) => [paintMs, shownMs]))];
  frames.sort(([a], [b]) => a - b);
  assert.equal(timing.paintedAtMs.length, frames.length, JSON.stringify({ timing, frames }));
  const lateMs = timing.paintedAtMs.map((atMs, index) => {
    const [paintMs = Number.NaN, shownMs = Number.NaN] = frames[index] ?? [];
    const nextMs = frames[index + 1]?.[0] ?? Number.POSITIVE_INFINITY;
    assert.ok(atMs >= timeOrigin + paintMs, `frame ${index} was reported before it was painted`);
    assert.ok(atMs < timeOrigin + nextMs, `frame ${index} was reported with the next one`);
    return atMs - timeOrigin - shownMs;
  });
  t.diagnostic(`after presentation, ms: ${lateMs.map((ms) => ms.toFixed(1)).join(' ')}`);
});

test('pieces that come at the end, or are hidden until then, are painted at once', async () => {
  for (const planted of [{ batched: true }, { hidden: true }]) {
    const timing = await timingWith({ chunks: 5, gapMs: 20, ...planted });
    assert.equal(timing.outcome, 'complete');
    assert.equal(timing.paintedAtMs.length, 1);
    assert.equal(timing.longestGapMs, null);
    assert.equal(timing.submitToFirstChunkMs, timing.submitToCompleteMs);
  }
});

test('the wait begins with the click, not with the work of the page', async () => {
  const page = await openPage({ chunks: 2, gapMs: 1, busyOnSubmitMs: 150 });
  const timing = await ask(page);
  const [asked, timeOrigin] = await page.evaluate(() => [
    Number(document.body.dataset.asked),
    performance.timeOrigin,
  ]);
  await page.close();
  assert.ok(known(timing.submitToFirstChunkMs) >= 150, JSON.stringify(timing));
  assert.deepEqual(timing.inputs, [{ kind: 'click', atMs: timing.submittedAtMs }]);
  assert.ok(Math.abs(known(timing.submittedAtMs) - known(timeOrigin) - known(asked)) < 0.01);
});

test('only the key that asks counts: no other key, and no click by Chromium or a script', async () => {
  const page = await openPage({ chunks: 2, gapMs: 1 });
  await page.locator('#question').press('W');
  const watch = await watchAnswer(page, CHAT_SELECTORS);
  await page.evaluate(() => document.querySelector<HTMLElement>('#question')?.click());
  await page.locator('#question').pressSequentially('hy?', { delay: 20 });
  await page.keyboard.press('Enter');
  const timing = await watch.ended({ timeoutMs: 10_000 });
  const [asked, timeOrigin] = await page.evaluate(() => [
    Number(document.body.dataset.asked),
    performance.timeOrigin,
  ]);
  await page.close();
  assert.equal(timing.outcome, 'complete');
  assert.ok(Math.abs(known(timing.submittedAtMs) - known(timeOrigin) - known(asked)) < 0.01);
  assert.deepEqual(
    timing.inputs.map(({ kind }) => kind),
    ['key', 'key', 'key', 'key'],
  );
  assert.equal(timing.inputs[3]?.atMs, timing.submittedAtMs);
  const times = timing.inputs.map(({ atMs }) => atMs);
  assert.deepEqual(times, times.toSorted());
});

test('earlier answers do not count, and an answer that is rendered again is the same one', async () => {
  const page = await openPage({ chunks: 3, gapMs: 60, rerendered: true });
  for (const question of ['First?', 'Second?']) {
    const watch = await watchAnswer(page, CHAT_SELECTORS);
    // The page changes before the question: its earlier answers are complete.
    await page.evaluate(
      (question) =>
        new Promise((resolve) => {
          document.body.dataset.next = question;
          requestAnimationFrame(() => setTimeout(resolve, 20));
        }),
      question,
    );
    await page.click('#ask');
    const timing = await watch.ended({ timeoutMs: 10_000 });
    assert.equal(timing.outcome, 'complete');
    assert.equal(timing.paintedAtMs.length, 3, JSON.stringify(timing));
  }
  await page.close();
});

test('a failed answer, an endless one and none at all have no time to completion', async () => {
  const failed = await timingWith({ chunks: 2, ending: 'failed' });
  assert.deepEqual([failed.outcome, failed.submitToCompleteMs], ['failed', null]);

  const endless = await timingWith({ chunks: 2, gapMs: 40, ending: 'none' }, 800);
  assert.equal(endless.outcome, 'unfinished');
  assert.deepEqual([endless.paintedAtMs.length, endless.submitToCompleteMs], [2, null]);

  const page = await openPage({});
  const watch = await watchAnswer(page, CHAT_SELECTORS);
  const none = await watch.ended({ timeoutMs: 50 });
  await page.close();
  assert.deepEqual(none, {
    inputs: [],
    outcome: 'unfinished',
    submittedAtMs: null,
    paintedAtMs: [],
    submitToFirstChunkMs: null,
    submitToCompleteMs: null,
    longestGapMs: null,
  });
});

test('an answer is lost when the page loads another document', async () => {
  const page = await openPage({});
  const watch = await watchAnswer(page, CHAT_SELECTORS);
  await page.reload();
  await assert.rejects(watch.ended({ timeoutMs: 1000 }), { code: 'PAGE_LOST' });
  await page.close();
});

test('the page cannot see the watch', async () => {
  const page = await openPage({ chunks: 1 });
  const look = () =>
    page.evaluate(() => [
      Object.getOwnPropertyNames(window).sort().join(),
      ...[requestAnimationFrame, addEventListener, MutationObserver].map(String),
      document.documentElement.attributes.length,
    ]);
  const before = await look();
  const watch = await watchAnswer(page, CHAT_SELECTORS);
  assert.deepEqual(await look(), before);
  await watch.ended({ timeoutMs: 1 });
  assert.deepEqual(await look(), before);
  await page.close();
});
