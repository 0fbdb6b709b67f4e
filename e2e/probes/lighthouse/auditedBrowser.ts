import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import puppeteer, { type Page as LighthousePage } from 'puppeteer-core';
import { chromiumArguments } from '../chromiumArguments.ts';

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
  const context = await chromium.launchPersistentContext(profileDir, {
    args: [...chromiumArguments(), '--remote-debugging-port=0'],
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
