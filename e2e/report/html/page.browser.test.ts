import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { HOSTILE_TEXTS } from '../../core/testing/hostileTexts.ts';
import { launchBrowser } from '../../probes/testing/launchBrowser.ts';
import { temporaryFolder } from '../../testing/temporaryFolder.ts';
import { madePage, writeAudits } from './testing/madeRun.ts';

const browser = await launchBrowser();
const folder = temporaryFolder();
after(async () => {
  await browser.close();
  folder[Symbol.dispose]();
});

/** Lighthouse depends on it. */
const AXE = readFileSync(
  createRequire(createRequire(import.meta.url).resolve('lighthouse')).resolve(
    'axe-core/axe.min.js',
  ),
  'utf8',
);

const FILE = path.join(folder.path, 'index.html');
writeAudits(folder.path);
writeFileSync(FILE, madePage(Object.values(HOSTILE_TEXTS).join(' '), folder.path));

type AxeResult = { violations: { id: string; nodes: { html: string }[] }[] };

/** Opens the page from the disk, with all its details open, and returns it with all that it asked for and complained of. */
async function open(options: Parameters<typeof browser.newContext>[0]) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('request', (request) => problems.push(`request ${request.url().slice(0, 200)}`));
  page.on('console', (message) => problems.push(`console ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error ${error.message}`));
  await page.goto(pathToFileURL(FILE).href);
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true;
  });
  return { page, problems, close: () => context.close() };
}

for (const width of [390, 900, 1600]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the page is whole and accessible at ${width} pixels, ${colorScheme}`, async () => {
      const { page, problems, close } = await open({
        viewport: { width, height: 900 },
        colorScheme,
      });
      assert.deepEqual(problems, [`request ${pathToFileURL(FILE).href}`]);
      const cut = await page.evaluate(() => {
        const texts = document.querySelectorAll(
          'p, li, td, th, dd, dt, summary, figcaption, .row > *',
        );
        const found = [...texts].filter((one) => one.scrollWidth > one.clientWidth + 1);
        return found
          .filter((one) => getComputedStyle(one).display !== 'inline')
          .map((one) => one.outerHTML.slice(0, 200));
      });
      assert.deepEqual(cut, []);
      const body = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(body <= width, `the body is ${body} pixels wide`);
      await page.evaluate(AXE);
      const { violations } = await page.evaluate<AxeResult>('axe.run()');
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
      assert.deepEqual(found, []);
      assert.equal(await page.evaluate('globalThis.isHostile'), undefined);
      await close();
    });
  }
}

test('the filter shows what is asked for, and a link to a hidden group shows it again', async () => {
  const { page, close } = await open({});
  const rows = page.locator('tr[data-why]:visible');
  const all = await rows.count();
  await page.getByLabel('Show').selectOption('failed');
  assert.equal(await rows.count(), 33);
  await page.getByLabel('Find').fill('brokenmodel');
  assert.equal(await rows.count(), 20);
  assert.equal(await page.getByRole('status').textContent(), '20 shown');
  await page
    .locator('details:has-text("page heap") a:has-text("Its measurements")')
    .first()
    .click();
  assert.equal(await rows.count(), all);
  await close();
});

test('without script the page shows all measurements, and no filter', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(FILE).href);
  assert.ok((await page.locator('tr[data-why]:visible').count()) > 40);
  assert.equal(await page.locator('#filter:visible').count(), 0);
  await context.close();
});
