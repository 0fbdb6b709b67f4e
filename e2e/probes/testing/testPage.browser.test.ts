import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchBrowser } from './launchBrowser.ts';
import { testPage } from './testPage.ts';

test('a browser of its own sees the pages and nothing else', async () => {
  await using server = await testPage({
    '/': '<h1>A page</h1>',
    '/data': (_, response) => void response.end('by a listener'),
  });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  await page.goto(`${server.url}/?query`);
  assert.equal(await page.textContent('h1'), 'A page');
  assert.equal(await page.evaluate(async () => (await fetch('/data')).text()), 'by a listener');
  assert.equal((await page.goto(`${server.url}/none`))?.status(), 404);
});
