import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Browser } from '@playwright/test';
import { classificationText, NARRATIVE_CHUNKS } from '../../testing/fakeOllama.ts';
import { launchChromium, testPage } from '../../testing/testPage.ts';

// Without a compiler, whose work on a young page grows the heap by more than the smaller leaks do.
const liteBrowser = await launchChromium('--js-flags=--lite-mode');
const browser = await launchChromium();
after(() => Promise.all([liteBrowser.close(), browser.close()]));

/** When a loaded page showed its first content, and what its largest element is and when it came. */
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

test('blocking-script delays the whole page, late-largest-element only the largest element', async () => {
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

type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean };

/** The layout shift of one answer, without shifts that follow a click or key. */
async function measureShift(...defects: string[]): Promise<number> {
  await using tested = await testPage(browser, defects);
  const { page, ask } = tested;
  const seen = await page.evaluateHandle(() => {
    const seen = { shift: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as Shift[]) {
        if (!entry.hadRecentInput) seen.shift += entry.value;
      }
    }).observe({ type: 'layout-shift' });
    return seen;
  });
  await ask('What is Q3 revenue?');
  // Longer than the notice waits and stays.
  await page.waitForTimeout(1_200);
  return await seen.evaluate(({ shift }) => shift);
}

test('layout-shift moves the answer, which the clean page does not', async () => {
  const [planted, clean] = await Promise.all([measureShift('layout-shift'), measureShift()]);
  assert.ok(planted > 0.2, `${planted}`);
  assert.ok(clean < 0.05, `${clean}`);
});

test('long-task delays the question, asked by a click, a key or an example', async () => {
  await using tested = await testPage(browser, ['long-task'], () => {
    for (const type of ['keydown', 'click']) {
      const note = ({ timeStamp }: Event) => Object.assign(globalThis, { askedAtMs: timeStamp });
      addEventListener(type, note, { capture: true });
    }
  });
  const { page, ask } = tested;
  const field = page.getByRole('textbox', { name: 'Ask a question' });
  const sentAfterMs = () =>
    page.evaluate(() => {
      const requests = performance.getEntriesByType('resource');
      const chat = requests.filter(({ name }) => name.endsWith('/chat')).at(-1);
      return (chat?.startTime ?? NaN) - Reflect.get(globalThis, 'askedAtMs');
    });
  const example = 'Show the revenue trend';
  await page.getByRole('button', { name: example }).click();
  await page.locator(`[aria-label="Answer to: ${example}"][data-state="complete"]`).waitFor();
  assert.ok((await sentAfterMs()) >= 300, 'by an example');
  await page.getByRole('button', { name: 'Ask', exact: true }).waitFor();
  await ask('What is Q3 revenue?');
  assert.ok((await sentAfterMs()) >= 300, 'by a click');
  await field.fill('What is Q4 revenue?');
  await field.press('Enter');
  await page
    .locator('[aria-label="Answer to: What is Q4 revenue?"][data-state="complete"]')
    .waitFor();
  assert.ok((await sentAfterMs()) >= 300, 'by a key');
});

/** The paths of the requests that the page sends for a question whose narrative comes in chunks. */
async function recordRequestPaths(...defects: string[]): Promise<string[]> {
  await using tested = await testPage(browser, defects);
  const { page, salestalk, ask } = tested;
  salestalk.ollama.answer((call) =>
    call.prompt.startsWith('Classify')
      ? { text: classificationText() }
      : { chunks: NARRATIVE_CHUNKS, betweenMs: 100 },
  );
  const paths: string[] = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  await ask('What is Q3 revenue?');
  return paths.sort();
}

test('request-per-chunk sends a request for each chunk shown, and the clean page none', async () => {
  const [planted, clean] = await Promise.all([
    recordRequestPaths('request-per-chunk'),
    recordRequestPaths(),
  ]);
  assert.deepEqual(clean, ['/chat']);
  const [chat, ...reports] = planted;
  assert.equal(chat, '/chat');
  assert.deepEqual([...new Set(reports)], ['/chunk-shown']);
  // On a busy machine two chunks may be shown as one.
  assert.ok(reports.length >= 2 && reports.length <= NARRATIVE_CHUNKS.length, `${reports.length}`);
});

const QUESTIONS = 5;

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
  const { page, signIn, signOut, measureRetained } = tested;
  const turn = async () => {
    await page.evaluate(askInTurn, QUESTIONS);
    // Removes the answers from the page, so that only leaked parts of them remain.
    await signOut();
    return { ...(await measureRetained()), timers: await page.evaluate<number>('timerCount') };
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

/** Runs in the page and counts its timers of a minute. */
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
