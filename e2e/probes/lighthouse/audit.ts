import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import lighthouse, {
  type Config,
  desktopConfig,
  type Flags,
  generateReport,
  type Result,
  startFlow,
} from 'lighthouse';
import { computeMedianRun } from 'lighthouse/core/lib/median-run.js';
import puppeteer, { type Page as LighthousePage } from 'puppeteer-core';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { chromiumArguments } from '../chromium.ts';
import type {
  AuditorOrder,
  FlowAnswer,
  LighthouseCategory,
  LighthouseRun,
  NavigationsAnswer,
} from './auditorProtocol.ts';
import { readRun, readTimespan } from './readRun.ts';
import type { PageSteps } from './serveAuditor.ts';

/** Takes time and gives no value that we keep. */
const SKIPPED_AUDITS = ['bf-cache'];
/** Lighthouse judges a timespan by these alone, and rejects other categories. */
const TIMESPAN_CATEGORIES: ReadonlySet<LighthouseCategory> = new Set([
  'performance',
  'best-practices',
]);

type NavigationsOrder = Extract<AuditorOrder, { kind: 'navigations' }>;
type FlowOrder = Extract<AuditorOrder, { kind: 'flow' }>;

/** Audits the same navigation several times, each in a new browser with an empty profile, one after the other. */
export async function auditNavigations(
  order: NavigationsOrder,
  steps: PageSteps,
): Promise<NavigationsAnswer> {
  const results: { lhr: Result; run: LighthouseRun }[] = [];
  for (let at = 0; at < order.runs; at += 1) {
    try {
      results.push(await auditOnce(order, steps, path.join(order.profileDir, `run-${at + 1}`)));
    } catch (error) {
      throw new Error(`run ${at + 1} of ${order.runs}`, { cause: error });
    }
  }
  const medianLhr = computeMedianRun(results.map(({ lhr }) => lhr));
  await writeReport(generateReport(medianLhr, 'html'), order);
  return {
    tools: { lighthouseVersion: medianLhr.lighthouseVersion, browser: medianLhr.userAgent },
    runs: results.map(({ run }) => run),
    medianIndex: results.findIndex(({ lhr }) => lhr === medianLhr),
  };
}

async function auditOnce(
  order: NavigationsOrder,
  { prepare }: PageSteps,
  profileDir: string,
): Promise<{ lhr: Result; run: LighthouseRun }> {
  const startedMs = performance.now();
  await using browser = await launchAuditedBrowser(order.executablePath, profileDir);
  await prepare?.(browser.page, order.input);
  const { flags, config } = lighthouseSettings(order);
  const result = await lighthouse(order.url, flags, config, browser.lighthousePage);
  if (result === undefined) throw new Error('Lighthouse gave no result');
  const lhr = secretScrubber(order.secrets).scrub(result.lhr);
  const durationMs = performance.now() - startedMs;
  return { lhr, run: readRun(lhr, { categories: order.categories, durationMs }) };
}

/** Audits a navigation and then the steps on that page as a timespan: Playwright acts in the tab that Lighthouse audits. */
export async function auditFlow(order: FlowOrder, steps: PageSteps): Promise<FlowAnswer> {
  const { prepare, interact } = steps;
  if (interact === undefined) throw new Error('the page script has no "interact" to measure');
  const startedMs = performance.now();
  const profileDir = path.join(order.profileDir, 'flow');
  await using browser = await launchAuditedBrowser(order.executablePath, profileDir);
  await prepare?.(browser.page, order.input);

  const flow = await startFlow(browser.lighthousePage, lighthouseSettings(order));
  await flow.navigate(order.url);
  const navigatedMs = performance.now();
  await flow.startTimespan({
    onlyCategories: order.categories.filter((name) => TIMESPAN_CATEGORIES.has(name)),
    // Screenshots would show what is typed, such as a token, where no scrubbing finds it.
    skipAudits: [...SKIPPED_AUDITS, 'screenshot-thumbnails'],
  });
  const interactedMs = performance.now();
  await interact(browser.page, order.input);
  await waitForPaint(browser.page);
  const durationMs = performance.now() - interactedMs;
  await flow.endTimespan();

  const result = secretScrubber(order.secrets).scrub(await flow.createFlowResult());
  const [navigation, timespan] = result.steps.map(({ lhr }) => lhr);
  if (navigation === undefined || timespan === undefined) {
    throw new Error('the flow has not two steps');
  }
  await writeReport(generateReport(result, 'html'), order);
  return {
    tools: { lighthouseVersion: navigation.lighthouseVersion, browser: navigation.userAgent },
    navigation: readRun(navigation, {
      categories: order.categories,
      durationMs: navigatedMs - startedMs,
    }),
    timespan: readTimespan(timespan, durationMs),
  };
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

/** How Lighthouse is set up for an order: its own screen, user agent and throttling for the form factor. */
function lighthouseSettings({ formFactor, throttling, categories }: AuditorOrder): {
  flags: Flags;
  config: Config;
} {
  return {
    config: formFactor === 'desktop' ? desktopConfig : { extends: 'lighthouse:default' },
    flags: {
      logLevel: 'error',
      // The languages of the machine must not change what is written.
      locale: 'en-US',
      throttlingMethod: throttling,
      onlyCategories: categories,
      // Together these take 1.6 s of a run and give no value that we keep, only one more picture of someone's data.
      disableFullPageScreenshot: true,
      skipAudits: SKIPPED_AUDITS,
    },
  };
}

/** Writes Lighthouse's report. @throws Error if it still holds a secret; then nothing is written */
export async function writeReport(
  html: string,
  { reportPath, secrets }: { reportPath: string; secrets: readonly string[] },
): Promise<void> {
  if (secretScrubber(secrets).holdsSecret(html)) {
    throw new Error('the report holds a secret and was not written');
  }
  await mkdir(path.dirname(reportPath), { recursive: true });
  await writeFile(reportPath, html);
}

/** A browser with a profile of its own and one tab: Playwright acts in it, Lighthouse audits it. */
type AuditedBrowser = AsyncDisposable & {
  page: Page;
  lighthousePage: LighthousePage;
};

/**
 * Starts Chromium, Playwright's own if `executablePath` is null.
 * Playwright starts it with a pipe and Chromium ends when that closes, so it never outlives our process.
 */
async function launchAuditedBrowser(
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
    return await shareBrowser(context, await readDebuggingPort(profileDir));
  } catch (error) {
    await context.close();
    throw error;
  }
}

async function shareBrowser(context: BrowserContext, port: number): Promise<AuditedBrowser> {
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
async function readDebuggingPort(profileDir: string): Promise<number> {
  const [port] = (await readFile(path.join(profileDir, 'DevToolsActivePort'), 'utf8')).split('\n');
  return Number(port);
}
