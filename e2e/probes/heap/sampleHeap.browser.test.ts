import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from '@playwright/test';
import { judgeGrowth } from '../../core/statistics/growth.ts';
import { testPagesInBrowser } from '../testing/testPage.ts';
import { type HeapUsage, readHeapUsage, STEADY_HEAP_ARGS, sampleHeap } from './sampleHeap.ts';

/** A page whose turn redraws a list as an application does; `leak` is the code of a leak. */
const leakingPage = (leak: string) => `<title>turns</title><ul></ul><script>
  const kept = [];
  let turns = 0;
  function turn() {
    turns += 1;
    const items = Array.from({ length: 20 }, (_, at) => ({ at, text: 'item ' + at + ' of ' + turns }));
    document.querySelector('ul').replaceChildren(...items.map(({ text }) => {
      const item = document.createElement('li');
      item.textContent = text;
      item.addEventListener('click', () => turns);
      return item;
    }));
    ${leak}
  }
</script>`;
const KEEP_1_KB = 'kept.push(Array.from({ length: 42 }, (_, at) => ({ at, turns })));';

const { server, browser } = await testPagesInBrowser(
  { '/clean': leakingPage(''), '/leak': leakingPage(KEEP_1_KB) },
  STEADY_HEAP_ARGS,
);

async function open(path: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${server.url}${path}`);
  return page;
}

async function samplesOf(path: string) {
  const page = await open(path);
  const iterate = () => page.evaluate('turn()').then(() => undefined);
  const samples = await sampleHeap({ page, iterate, warmUpIterations: 10, iterations: 15 });
  await page.close();
  return samples;
}

const PLAN = { mostPerIteration: 200, passAlpha: 0.05, failAlpha: 0.01 };

test('a leak of 1 KB an iteration is found to a few bytes', async () => {
  const samples = await samplesOf('/leak');
  assert.deepEqual(
    samples.map(({ iteration }) => iteration),
    Array.from({ length: 25 }, (_, at) => at),
  );
  const growth = judgeGrowth(
    samples.slice(10).map(({ usedBytes }) => usedBytes),
    PLAN,
  );
  assert.equal(growth.verdict, 'fail');
  assert.ok(Math.abs(growth.perIteration - 1032) < 60, `${growth.perIteration}`);
});

test('the clean twin passes, its nodes and listeners the same after each iteration', async () => {
  const samples = await samplesOf('/clean');
  const growth = judgeGrowth(
    samples.slice(10).map(({ usedBytes }) => usedBytes),
    PLAN,
  );
  assert.equal(growth.verdict, 'pass', `${growth.perIteration} ${growth.interval}`);
  assert.equal(new Set(samples.slice(10).map(({ nodes }) => nodes)).size, 1);
  assert.equal(new Set(samples.slice(10).map(({ listeners }) => listeners)).size, 1);
});

const LOSSES: Record<string, (page: Page) => Promise<unknown>> = {
  'another document': (page) => page.reload(),
  'a crash': async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send('Page.crash').catch(() => undefined);
  },
  'a page that is closed': (page) => page.close(),
};

for (const [what, lose] of Object.entries(LOSSES)) {
  test(`${what} is an error, not a sample`, async () => {
    const page = await open('/clean');
    const iterate = async (at: number) => {
      await page.evaluate('turn()');
      if (at === 3) await lose(page);
    };
    await assert.rejects(sampleHeap({ page, iterate, warmUpIterations: 10, iterations: 2 }), {
      code: 'PAGE_LOST',
    });
    await page.close();
  });
}

test('a change of the address keeps the document', async () => {
  const page = await open('/clean');
  const iterate = (at: number) =>
    page.evaluate((turn) => history.replaceState(null, '', `?turn=${turn}`), at);
  const samples = await sampleHeap({ page, iterate, warmUpIterations: 10, iterations: 1 });
  assert.equal(samples.length, 11);
  await page.close();
});

test('the error of an iteration comes through; a warm-up that is too short is refused', async () => {
  const page = await open('/clean');
  const iterate = () => Promise.reject(new Error('no such button'));
  const journey = { page, iterate, warmUpIterations: 10, iterations: 1 };
  await assert.rejects(sampleHeap(journey), /no such button/);
  await assert.rejects(sampleHeap({ ...journey, warmUpIterations: 9 }), RangeError);
  await page.close();
});

/** The heap of an empty page before and after a piece of code. */
async function usageAround(code: string): Promise<[HeapUsage, HeapUsage]> {
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  // Playwright adds its own objects at its first call.
  await page.evaluate(() => undefined);
  const before = await readHeapUsage(session);
  await page.evaluate(code);
  const after = await readHeapUsage(session);
  await page.close();
  return [before, after];
}

test('nodes and listeners are counted to the last one', async () => {
  const [one, other] = await usageAround(`for (let count = 0; count < 7; count++) {
    document.body.append(document.createElement('p'));
    document.body.addEventListener('click', () => count);
  }`);
  assert.equal(other.nodes - one.nodes, 7);
  assert.equal(other.listeners - one.listeners, 7);
  assert.equal(other.documents, one.documents);
});

test('does not count what a page lets go of', async () => {
  const [one, other] = await usageAround(`
    Array.from({ length: 100_000 }, (_, value) => ({ value }));
    for (let count = 0; count < 100; count++) {
      document.createElement('p').addEventListener('click', () => undefined);
    }`);
  assert.ok(other.usedBytes - one.usedBytes < 200_000, `${other.usedBytes - one.usedBytes}`);
  assert.equal(other.nodes, one.nodes);
  assert.equal(other.listeners, one.listeners);
});
