import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserLaunch, nameBrowser } from './browser.ts';

async function withBrowser(named: string, use: () => void | Promise<void>): Promise<void> {
  const before = process.env.PERF_BROWSER;
  process.env.PERF_BROWSER = named;
  try {
    await use();
  } finally {
    if (before === undefined) delete process.env.PERF_BROWSER;
    else process.env.PERF_BROWSER = before;
  }
}

test('a browser that cannot be used is reported by the set-up, not by the configuration', async () => {
  await withBrowser('/nowhere/chrome', async () => {
    assert.equal(browserLaunch().executablePath, undefined);
    await assert.rejects(nameBrowser(), {
      code: 'NO_BROWSER',
      message: /^ {2}found {4}\/nowhere\/chrome$/m,
    });
  });
});

test('a program that is not a browser is refused', async () => {
  await withBrowser(process.execPath, async () => {
    assert.equal(browserLaunch().executablePath, process.execPath);
    await assert.rejects(nameBrowser(), {
      code: 'NO_BROWSER',
      message: /^NO_BROWSER: The browser to drive the page with does not start\.$/m,
    });
  });
});
