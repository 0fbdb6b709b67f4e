import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { classificationText, NARRATIVE_CHUNKS } from '../../testing/fakeOllama.ts';
import { launchChromium } from '../../testing/launchChromium.ts';
import { testPage } from '../../testing/testPage.ts';

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

/** The layout shift of one answer that no click or key excuses. */
async function shiftOfAnswer(...defects: string[]): Promise<number> {
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
  const [planted, clean] = await Promise.all([shiftOfAnswer('layout-shift'), shiftOfAnswer()]);
  assert.ok(planted > 0.25, `${planted}`);
  assert.ok(clean < 0.05, `${clean}`);
});

test('long-task delays the question, asked by a click, a key or an example', async () => {
  await using tested = await testPage(browser, ['long-task'], () => {
    for (const type of ['keydown', 'click']) {
      addEventListener(
        type,
        ({ timeStamp }) => Object.assign(globalThis, { askedAtMs: timeStamp }),
        {
          capture: true,
        },
      );
    }
  });
  const { page, ask } = tested;
  const field = page.getByRole('textbox', { name: 'Ask a question' });
  const sentAfterMs = () =>
    page.evaluate(() => {
      const marks = performance.getEntriesByType('mark');
      const submit = marks.find(({ name }) => name.startsWith('salestalk:submit:'));
      return (submit?.startTime ?? NaN) - Reflect.get(globalThis, 'askedAtMs');
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
  await page.locator('[aria-label="Answer to: What is Q4 revenue?"]').waitFor();
  assert.ok((await sentAfterMs()) >= 300, 'by a key');
});

/** How many requests the page sends for a question whose narrative comes in pieces. */
async function requestsOfAnswer(...defects: string[]): Promise<string[]> {
  await using tested = await testPage(browser, defects);
  const { page, salestalk, ask } = tested;
  salestalk.ollama.answer((call) =>
    call.prompt.startsWith('Classify')
      ? { text: classificationText() }
      : { chunks: [...NARRATIVE_CHUNKS], betweenMs: 100 },
  );
  const paths: string[] = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  await ask('What is Q3 revenue?');
  return paths.sort();
}

test('request-per-chunk sends a request for each piece shown, and the clean page none', async () => {
  const [planted, clean] = await Promise.all([
    requestsOfAnswer('request-per-chunk'),
    requestsOfAnswer(),
  ]);
  assert.deepEqual(clean, ['/chat']);
  const [chat, ...reports] = planted;
  assert.equal(chat, '/chat');
  assert.deepEqual([...new Set(reports)], ['/chunk-shown']);
  // On a busy machine two pieces may be shown as one.
  assert.ok(reports.length >= 2 && reports.length <= NARRATIVE_CHUNKS.length, `${reports.length}`);
});
