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

const PLAIN_FILE = path.join(folder.path, 'plain.html');
writeFileSync(PLAIN_FILE, madePage('staging', folder.path));

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

test('paper shows all folded parts and the first 50 measurements, and cuts nothing off', async () => {
  const context = await browser.newContext({ viewport: { width: 720, height: 960 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(PLAIN_FILE).href);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('tr[data-why]:visible').count(), 50);
  await page.getByText('Printed are the first 50 of them.').waitFor();
  const folded = page.locator('.objective:not([open]) .explanation');
  assert.equal(await folded.evaluateAll((all) => all.every((one) => one.clientHeight > 0)), true);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 720, `${wide} pixels wide`);
  await context.close();
});

/** Draws every character but a space as the same block, so that a picture does not depend on the fonts of the machine. */
const BLOCK_FONT = `@font-face { font-family: Block; src: url(data:font/ttf;base64,${readFileSync(new URL('./testing/block.ttf', import.meta.url), 'base64')}) }
* { font-family: Block !important }`;
const GOLDEN = new URL('./golden/', import.meta.url);
/** Reduced, for small files. */
const PICTURE = { bypassCSP: true, deviceScaleFactor: 0.25 };

for (const width of [390, 900, 1600]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the page looks as it did at ${width} pixels, ${colorScheme}`, async () => {
      const context = await browser.newContext({
        ...{ ...PICTURE, colorScheme, viewport: { width, height: 900 } },
      });
      const page = await context.newPage();
      await page.goto(pathToFileURL(PLAIN_FILE).href);
      await page.addStyleTag({ content: BLOCK_FONT });
      await page.evaluate(async () => {
        // Of the operations the worst one, and of the measurements a few.
        for (const one of document.querySelectorAll('.operation ~ .operation, tbody ~ tbody')) {
          one.remove();
        }
        await document.fonts.ready;
      });
      const picture = await page.screenshot({ fullPage: true });
      const file = new URL(`page-${width}-${colorScheme}.png`, GOLDEN);
      if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, picture);
      const images = [readFileSync(file), picture].map((png) => png.toString('base64'));
      const differing = await page.evaluate(shareOfDifferingPixels, images);
      assert.ok(
        differing < 0.0003,
        `${differing} of the pixels differ; if that is meant: ${UPDATE}`,
      );
      await context.close();
    });
  }
}

const UPDATE =
  'UPDATE_GOLDEN=1 npx node --test e2e/report/html/page.browser.test.ts makes the pictures anew, those of the README too';

/** Runs in the page. 1 if the sizes differ. */
async function shareOfDifferingPixels(images: string[]): Promise<number> {
  const VISIBLE = 64;
  const [one, other] = await Promise.all(
    images.map(async (base64) => {
      const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
      const bitmap = await createImageBitmap(blob);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      return context?.getImageData(0, 0, bitmap.width, bitmap.height);
    }),
  );
  if (one === undefined || one.width !== other?.width || one.height !== other.height) return 1;
  const isVisible = (value: number, at: number) =>
    Math.abs(value - (other.data[at] ?? 0)) > VISIBLE;
  return one.data.filter(isVisible).length / one.data.length;
}

/** Parts of the page that the README shows, in the fonts of the machine that made them. */
const README_PICTURES = {
  report: 'header',
  objective: 'details.objective:has(.fail)',
};

test('the README shows pictures of this page', async () => {
  const folder = new URL('../../../.github/images/', import.meta.url);
  const context = await browser.newContext({
    ...{ deviceScaleFactor: 0.8, viewport: { width: 760, height: 900 } },
  });
  const page = await context.newPage();
  await page.goto(pathToFileURL(PLAIN_FILE).href);
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  let bytes = 0;
  for (const [name, selector] of Object.entries(README_PICTURES)) {
    const picture = await page.locator(selector).first().screenshot();
    const file = new URL(`${name}.png`, folder);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, picture);
    bytes += readFileSync(file).length;
    assert.ok(readme.includes(`.github/images/${name}.png`));
  }
  assert.ok(bytes < 150_000, `${bytes}`);
  await context.close();
});

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
