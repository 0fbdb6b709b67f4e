import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Browser } from '@playwright/test';
import { launchChromium } from '../../testing/launchChromium.ts';
import { testPage } from '../../testing/testPage.ts';

const QUESTIONS = 5;

// Without a compiler, whose work on a young page grows the heap by more than the smaller leaks do.
const liteBrowser = await launchChromium('--js-flags=--lite-mode');
const browser = await launchChromium();
after(() => Promise.all([liteBrowser.close(), browser.close()]));

const leftBytes = async (...defects: string[]): Promise<number> =>
  (await leftPerQuestion(liteBrowser, defects)).heapBytes;

const cleanBytes = await leftBytes();

const assertAbout = (bytes: number, expectedBytes: number): void =>
  assert.ok(Math.abs(bytes / expectedBytes - 1) < 0.1, `${bytes} bytes, not ${expectedBytes}`);

test('the clean page keeps almost nothing', () => {
  assert.ok(cleanBytes < 5_000, `${cleanBytes} bytes a question`);
});

test('leak-100kb keeps 100 KB a question', async () => {
  assertAbout((await leftBytes('leak-100kb')) - cleanBytes, 102_400);
});

test('leak-timers and leak-history keep 10 KB and some more', async () => {
  const bytes = (await leftBytes('leak-timers', 'leak-history')) - cleanBytes;
  assert.ok(bytes > 11_000 && bytes < 20_000, `${bytes} bytes a question`);
});

test('plain objects take the stated size of the heap', async () => {
  await using tested = await testPage(liteBrowser, ['leak-1kb']);
  const { page, held } = tested;
  const url = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .find((name) => name.includes('/leaks.ts')),
  );
  // In words, since only the page knows the module by this URL.
  await page.evaluate(`import(${JSON.stringify(url)}).then(({ plainObjects }) => {
    const kept = [];
    globalThis.keep = (sizeBytes, count) => {
      for (let index = 0; index < count; index += 1) kept.push(plainObjects(sizeBytes));
    };
  })`);
  for (const sizeBytes of [1024, 10_240, 102_400]) {
    await page.evaluate(`keep(${sizeBytes}, 20)`);
    const before = await held();
    await page.evaluate(`keep(${sizeBytes}, 200)`);
    assertAbout(((await held()).heapBytes - before.heapBytes) / 200, sizeBytes);
  }
});

const left = async (...defects: string[]) => {
  const { heapBytes: _, ...counts } = await leftPerQuestion(browser, defects);
  return counts;
};
const none = { nodes: 0, listeners: 0, documents: 0, timers: 0 };

test('the clean page keeps no node, listener, document or timer of an answer that is gone', async () => {
  assert.deepEqual(await left(), none);
});

test('leak-detached keeps the nodes of each answer', async () => {
  const { nodes, ...others } = await left('leak-detached');
  assert.ok(nodes > 30, `${nodes} nodes a question`);
  assert.deepEqual({ nodes: 0, ...others }, none);
});

test('leak-listeners keeps five listeners a question, and leak-timers one timer', async () => {
  assert.deepEqual(await left('leak-listeners', 'leak-timers'), {
    ...none,
    listeners: 5,
    timers: 1,
  });
});

type LeftPerQuestion = {
  heapBytes: number;
  nodes: number;
  listeners: number;
  documents: number;
  /** Timers of a minute that were set. */
  timers: number;
};

/** What each question leaves behind in a warm page once its answer is removed. */
async function leftPerQuestion(
  browser: Browser,
  defects: readonly string[],
): Promise<LeftPerQuestion> {
  await using tested = await testPage(browser, defects, countTimers);
  const { page, signIn, signOut, held } = tested;
  const turn = async () => {
    await page.evaluate(askInTurn, QUESTIONS);
    // Removes the answers from the page, so that only leaked parts of them remain.
    await signOut();
    return { ...(await held()), timers: await page.evaluate<number>('timerCount') };
  };
  await turn();
  await signIn();
  const before = await turn();
  await signIn();
  const end = await turn();
  const left = (key: keyof LeftPerQuestion): number => (end[key] - before[key]) / QUESTIONS;
  return {
    heapBytes: left('heapBytes'),
    nodes: left('nodes'),
    listeners: left('listeners'),
    documents: left('documents'),
    timers: left('timers'),
  };
}

/** Runs in the page: Playwright's locators would leave more in its heap than some defects do. */
async function askInTurn(count: number): Promise<void> {
  const field = document.querySelector('textarea');
  const button = document.querySelector<HTMLElement>('[data-action="ask"]');
  if (field === null || button === null) throw new Error('Nothing can be asked here');
  for (let index = 0; index < count; index += 1) {
    field.value = `What is Q3 revenue of region ${index}?`;
    button.click();
    while (button.hidden) await new Promise((resolve) => setTimeout(resolve, 5));
    const { state } = document.querySelector<HTMLElement>('article:last-of-type')?.dataset ?? {};
    if (state !== 'complete') throw new Error(`The answer is ${state}`);
  }
}

/** Runs in the page. */
function countTimers(): void {
  const counted: { timerCount: number } & Record<string, unknown> = Object.assign(globalThis, {
    timerCount: 0,
  });
  const { setInterval } = globalThis;
  counted.setInterval = (run: () => void, periodMs: number) => {
    if (periodMs === 60_000) counted.timerCount += 1;
    return setInterval(run, periodMs);
  };
}
