import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { type TestSalestalk, testSalestalk } from './testSalestalk.ts';

type TestPage = {
  page: Page;
  salestalk: TestSalestalk;
  /** Asks a question as a user would, and resolves when the answer is complete and another may be asked. */
  ask(question: string): Promise<void>;
  signIn(): Promise<void>;
  signOut(): Promise<void>;
  /** What the page retains after a garbage collection. */
  measureRetained(): Promise<{
    heapBytes: number;
    nodes: number;
    listeners: number;
    documents: number;
  }>;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * SalesTalk's page in a browser, signed in, with these defects. `prepare` runs in the page before its own scripts. Disposing of
 * it asserts that the browser's console shows no error.
 */
export async function testPage(
  browser: Browser,
  defects: readonly string[],
  prepare: () => void = () => undefined,
): Promise<TestPage> {
  const salestalk = await testSalestalk({ defects, demoSignIn: true });
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.addInitScript(prepare);
  const session = await context.newCDPSession(page);
  const workspace = page.getByRole('button', { name: 'Open acme-corp-001' });
  const signOut = page.getByRole('button', { name: 'Sign out' });
  const askButton = page.getByRole('button', { name: 'Ask', exact: true });

  await page.goto(salestalk.url);
  const opened: TestPage = {
    page,
    salestalk,
    async ask(question) {
      await page.getByRole('textbox', { name: 'Ask a question' }).fill(question);
      await askButton.click();
      await page.locator(`[aria-label="Answer to: ${question}"][data-state="complete"]`).waitFor();
      await askButton.waitFor();
    },
    async signIn() {
      await workspace.click();
      await signOut.waitFor();
    },
    async signOut() {
      await signOut.click();
      await workspace.waitFor();
    },
    measureRetained: () => measureRetained(session),
    async [Symbol.asyncDispose]() {
      // Even if the browser is gone, the server must close, or the tests would never end.
      await context.close().finally(() => salestalk[Symbol.asyncDispose]());
      assert.deepEqual(complaints, []);
    },
  };
  await opened.signIn();
  return opened;
}

async function measureRetained(session: CDPSession): ReturnType<TestPage['measureRetained']> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize: heapBytes } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners, documents } = await session.send('Memory.getDOMCounters');
  return { heapBytes, nodes, listeners: jsEventListeners, documents };
}

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];

/** A Chromium without a window: the one of PERF_BROWSER, Playwright's own, or the system's. */
export function launchChromium(...args: string[]): Promise<Browser> {
  const { PATH = '', PERF_BROWSER = '' } = process.env;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const executablePath = [PERF_BROWSER, chromium.executablePath(), ...places]
    .filter((path) => path !== '')
    .find((path) => existsSync(path));
  const quiet = ['--disable-background-networking', '--disable-component-update', '--no-first-run'];
  // Chromium refuses its sandbox to root.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    args: [...quiet, ...root, ...args],
    ...(executablePath === undefined ? { channel: 'chrome' } : { executablePath }),
  });
}
