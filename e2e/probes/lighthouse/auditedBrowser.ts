import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import puppeteer, { type Page as LighthousePage } from 'puppeteer-core';

/** Chromium's own errands, which would take time and network from what is measured. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** A browser with a profile of its own and one tab, which two can hold at once: Playwright to act, Lighthouse to audit. */
export type AuditedBrowser = AsyncDisposable & {
  page: Page;
  lighthousePage: LighthousePage;
};

/**
 * Starts Chromium; null as `executablePath` is Playwright's own.
 * Playwright starts it with a pipe, and Chromium ends when that closes, so it outlives no process of ours, however that ends.
 */
export async function auditedBrowser(
  executablePath: string | null,
  profileDir: string,
): Promise<AuditedBrowser> {
  // Chromium refuses its sandbox to root, as in most containers.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const context = await chromium.launchPersistentContext(profileDir, {
    args: [...QUIET, ...root, '--remote-debugging-port=0'],
    // The size of the screen is Lighthouse's to say.
    viewport: null,
    ...(executablePath === null ? {} : { executablePath }),
  });
  try {
    return await sharedBrowser(context, await portOf(profileDir));
  } catch (error) {
    await context.close();
    throw error;
  }
}

async function sharedBrowser(context: BrowserContext, port: number): Promise<AuditedBrowser> {
  const browser = await puppeteer.connect({
    browserURL: `http://127.0.0.1:${port}`,
    defaultViewport: null,
  });
  const [page, lighthousePage] = [context.pages()[0], (await browser.pages())[0]];
  if (page === undefined || lighthousePage === undefined) {
    throw new Error('Chromium opened no tab');
  }
  return {
    page,
    lighthousePage,
    [Symbol.asyncDispose]: async () => {
      await browser.disconnect();
      await context.close();
    },
  };
}

/** Chromium writes the port that it chose into its profile before it answers on the pipe. */
async function portOf(profileDir: string): Promise<number> {
  const [port] = (await readFile(path.join(profileDir, 'DevToolsActivePort'), 'utf8')).split('\n');
  return Number(port);
}
