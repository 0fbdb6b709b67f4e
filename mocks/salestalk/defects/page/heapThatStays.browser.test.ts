import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchChromium } from '../../testing/launchChromium.ts';
import { leftPerQuestion } from './testing/leftPerQuestion.ts';
import { testPage } from './testing/testPage.ts';

// Without a compiler, whose work on a young page grows the heap by more than the smaller leaks do.
const browser = await launchChromium('--js-flags=--lite-mode');
after(() => browser.close());

const leftBytes = async (...defects: string[]): Promise<number> =>
  (await leftPerQuestion(browser, defects)).heapBytes;

const cleanBytes = await leftBytes();

const assertAbout = (bytes: number, expectedBytes: number): void =>
  assert.ok(Math.abs(bytes / expectedBytes - 1) < 0.1, `${bytes} bytes, not ${expectedBytes}`);

test('the clean page keeps next to nothing', () => {
  assert.ok(cleanBytes < 5_000, `${cleanBytes} bytes a question`);
});

test('leak-100kb keeps 100 KB a question', async () => {
  assertAbout((await leftBytes('leak-100kb')) - cleanBytes, 102_400);
});

test('leak-timers and leak-history keep 10 KB and some more', async () => {
  const bytes = (await leftBytes('leak-timers', 'leak-history')) - cleanBytes;
  assert.ok(bytes > 11_000 && bytes < 20_000, `${bytes} bytes a question`);
});

test('plain objects take as much of the heap as they are said to, whatever the size', async () => {
  await using tested = await testPage(browser, ['leak-1kb']);
  const { page, held } = tested;
  const url = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .find((name) => name.endsWith('/plainObjects.ts')),
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
