import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import lighthouse, {
  type Config,
  desktopConfig,
  type Flags,
  generateReport,
  startFlow,
} from 'lighthouse';
import puppeteer from 'puppeteer-core';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { chromiumArguments } from '../chromium.ts';
import {
  type LighthouseCategory,
  type LighthouseRun,
  readRun,
  readTimespan,
  type TimespanRun,
} from './readRun.ts';

export type AuditOptions = {
  url: string;
  /** Lighthouse simulates this device and its network for a navigation, and throttles the tab for a timespan. */
  formFactor: 'desktop' | 'mobile';
  categories: ['performance', ...LighthouseCategory[]];
  /** For the whole audit. It takes 5 s on a quiet machine and 10 on a busy one. */
  timeoutMs: number;
  /** Path of Lighthouse's HTML report. */
  reportPath: string;
  /**
   * Texts of at least 12 characters that no report and no error may hold, for example tokens in `input`. JSON Web Tokens are always
   * removed. Screenshots in the report show what the page shows.
   */
  secrets: readonly string[];
};

export type FlowOptions = AuditOptions & {
  /** Path of a module that exports `interact`, a `PageInteraction`. */
  stepsModule: string;
  /** Input of `interact`, for example a token. */
  input: unknown;
};

/**
 * The steps of a flow in the audited tab; they must not navigate. `input` comes from the caller, as JSON. The steps may use all of
 * Playwright except `page.route()`, which slows every request down.
 */
export type PageInteraction = (page: Page, input: unknown) => Promise<void>;

export type LighthouseFlow = { navigation: LighthouseRun; timespan: TimespanRun };

type BrowserOptions = {
  /** Null for Playwright's own Chromium. */
  executablePath: string | null;
  /** An empty folder. */
  profileDir: string;
};

export type AuditRequest =
  | (AuditOptions & { kind: 'navigation' })
  | (FlowOptions & { kind: 'flow' });

export type AuditOrder = AuditRequest & BrowserOptions;

/** These take time and give no value that is kept. */
const SKIPPED_AUDITS = ['bf-cache'];
/** Lighthouse judges a timespan by these alone, and rejects other categories. */
const TIMESPAN_CATEGORIES: readonly LighthouseCategory[] = ['performance', 'best-practices'];

export async function auditNavigation(
  order: AuditOptions & BrowserOptions,
): Promise<LighthouseRun> {
  await using browser = await launchAuditedBrowser(order);
  const { flags, config } = lighthouseSettings(order);
  const result = await lighthouse(order.url, flags, config, browser.lighthousePage);
  if (result === undefined) throw new Error('Lighthouse gave no result');
  const lhr = secretScrubber(order.secrets).scrub(result.lhr);
  const run = readRun(lhr, order.categories);
  await writeReport(generateReport(lhr, 'html'), order);
  return run;
}

/** Audits a navigation and then the steps on that page as a timespan: Playwright acts in the tab that Lighthouse audits. */
export async function auditFlow(order: FlowOptions & BrowserOptions): Promise<LighthouseFlow> {
  const interact = await importInteraction(order.stepsModule);
  await using browser = await launchAuditedBrowser(order);
  const flow = await startFlow(browser.lighthousePage, lighthouseSettings(order));
  await flow.navigate(order.url);
  await flow.startTimespan({
    onlyCategories: order.categories.filter((name) => TIMESPAN_CATEGORIES.includes(name)),
    // Screenshots would show what is typed, such as a token, where no scrubbing finds it.
    skipAudits: [...SKIPPED_AUDITS, 'screenshot-thumbnails'],
  });
  await interact(browser.page, order.input);
  await waitForPaint(browser.page);
  await flow.endTimespan();

  const result = secretScrubber(order.secrets).scrub(await flow.createFlowResult());
  const [navigation, timespan] = result.steps.map(({ lhr }) => lhr);
  const run = readRun(navigation, order.categories);
  const timespanRun = readTimespan(timespan);
  await writeReport(generateReport(result, 'html'), order);
  return { navigation: run, timespan: timespanRun };
}

async function importInteraction(file: string): Promise<PageInteraction> {
  const { interact } = await import(pathToFileURL(file).href);
  if (typeof interact !== 'function') throw new Error(`${file} exports no function "interact"`);
  return interact;
}

/** Lighthouse counts an interaction once its frame is painted, which may be after the steps end. */
function waitForPaint(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
      }),
  );
}

/** Lighthouse's own screen, user agent and throttling for the form factor. */
function lighthouseSettings({ formFactor, categories }: AuditOptions) {
  const config: Config =
    formFactor === 'desktop' ? desktopConfig : { extends: 'lighthouse:default' };
  const flags: Flags = {
    logLevel: 'error',
    // The report must not depend on the languages of the machine.
    locale: 'en-US',
    throttlingMethod: 'simulate',
    onlyCategories: categories,
    // Together these take 1.6 s of a run and give no value that is kept, only another picture of the user's data.
    disableFullPageScreenshot: true,
    skipAudits: SKIPPED_AUDITS,
  };
  return { config, flags };
}

/** Writes Lighthouse's report. @throws Error if it still holds a secret; then nothing is written */
export async function writeReport(
  html: string,
  { reportPath, secrets }: Pick<AuditOptions, 'reportPath' | 'secrets'>,
): Promise<void> {
  if (secretScrubber(secrets).holdsSecret(html)) {
    throw new Error('the report holds a secret and was not written');
  }
  await mkdir(path.dirname(reportPath), { recursive: true });
  await writeFile(reportPath, html);
}

/**
 * Launches a browser with a profile of its own and one tab: Playwright acts in it, Lighthouse audits it. It never outlives our process,
 * since Playwright starts it with a pipe.
 */
async function launchAuditedBrowser({ executablePath, profileDir }: BrowserOptions) {
  await using resources = new AsyncDisposableStack();
  const context = await chromium.launchPersistentContext(profileDir, {
    args: [...chromiumArguments(), '--remote-debugging-port=0'],
    // Lighthouse sets the size of the screen.
    viewport: null,
    ...(executablePath === null ? {} : { executablePath }),
  });
  resources.defer(() => context.close());
  const browser = await puppeteer.connect({
    browserURL: `http://127.0.0.1:${await readDebuggingPort(profileDir)}`,
    defaultViewport: null,
  });
  resources.defer(() => browser.disconnect());
  const [page, lighthousePage] = [context.pages()[0], (await browser.pages())[0]];
  if (page === undefined || lighthousePage === undefined) {
    throw new Error('Chromium opened no tab');
  }
  const opened = resources.move();
  return { page, lighthousePage, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Chromium writes the port that it chose into its profile before it answers on the pipe. */
async function readDebuggingPort(profileDir: string): Promise<number> {
  const [port] = (await readFile(path.join(profileDir, 'DevToolsActivePort'), 'utf8')).split('\n');
  return Number(port);
}
