import path from 'node:path';
import type { Page } from '@playwright/test';
import { type FlowResult, generateReport, startFlow } from 'lighthouse';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { auditedBrowser } from './auditedBrowser.ts';
import type { AuditorOrder, FlowAnswer } from './auditorProtocol.ts';
import type { LighthouseCategory } from './lighthouseRun.ts';
import { lighthouseSettings, SKIPPED } from './lighthouseSettings.ts';
import type { PageSteps } from './pageSteps.ts';
import { readRun } from './readRun.ts';
import { readTimespan } from './timespanRun.ts';
import { writeReport } from './writeReport.ts';

type Order = Extract<AuditorOrder, { kind: 'flow' }>;

/** What Lighthouse judges a timespan by; it refuses to be asked for anything else. */
const OF_TIMESPANS: ReadonlySet<LighthouseCategory> = new Set(['performance', 'best-practices']);

/** A navigation and, on the page that it leads to, the steps as a timespan. Lighthouse audits while Playwright acts in the same tab. */
export async function auditFlow(order: Order, steps: PageSteps): Promise<FlowAnswer> {
  const { prepare, interact } = steps;
  if (interact === undefined) throw new Error('the page script has no "interact" to measure');
  const startedMs = performance.now();
  const profileDir = path.join(order.profileDir, 'flow');
  await using browser = await auditedBrowser(order.executablePath, profileDir);
  await prepare?.(browser.page, order.input);

  const flow = await startFlow(browser.lighthousePage, lighthouseSettings(order));
  await flow.navigate(order.url);
  const navigatedMs = performance.now();
  await flow.startTimespan({
    onlyCategories: order.categories.filter((name) => OF_TIMESPANS.has(name)),
    // Pictures of every moment would show what is typed, such as a token in its field, where no scrubbing finds it.
    skipAudits: [...SKIPPED, 'screenshot-thumbnails'],
  });
  const interactedMs = performance.now();
  await interact(browser.page, order.input);
  await painted(browser.page);
  const durationMs = performance.now() - interactedMs;
  await flow.endTimespan();

  const result = secretScrubber(order.secrets).scrub(await flow.createFlowResult());
  const [navigation, timespan] = lhrsOf(result);
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

/** An interaction counts once its frame is there: the steps may end before. */
function painted(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
      }),
  );
}

function lhrsOf({ steps }: FlowResult): [FlowStep, FlowStep] {
  const [navigation, timespan] = steps.map(({ lhr }) => lhr);
  if (navigation === undefined || timespan === undefined) {
    throw new Error('the flow has not two steps');
  }
  return [navigation, timespan];
}

type FlowStep = FlowResult['steps'][number]['lhr'];
