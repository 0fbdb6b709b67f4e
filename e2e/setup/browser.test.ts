import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { browserLaunch, nameBrowser } from './browser.ts';

afterEach(() => {
  delete process.env.PERF_BROWSER;
});

test('a browser that cannot be used is reported by the set-up, not by the configuration', async () => {
  process.env.PERF_BROWSER = '/nowhere/chrome';
  assert.equal(browserLaunch().executablePath, undefined);
  await assert.rejects(nameBrowser(), {
    code: 'NO_BROWSER',
    message: /^ {2}found {4}\/nowhere\/chrome$/m,
  });
});

test('a program that is not a browser is refused', async () => {
  process.env.PERF_BROWSER = process.execPath;
  assert.equal(browserLaunch().executablePath, process.execPath);
  await assert.rejects(nameBrowser(), {
    code: 'NO_BROWSER',
    message: /^NO_BROWSER: The browser to drive the page with does not start\.$/m,
  });
});
