import path from 'node:path';
import lighthouse, { generateReport, type Result } from 'lighthouse';
import { computeMedianRun } from 'lighthouse/core/lib/median-run.js';
import { secretScrubber } from '../../core/secrets/secretScrubber.ts';
import { auditedBrowser } from './auditedBrowser.ts';
import type { AuditorOrder, NavigationsAnswer } from './auditorProtocol.ts';
import type { LighthouseRun } from './lighthouseRun.ts';
import { lighthouseSettings } from './lighthouseSettings.ts';
import type { PageSteps } from './pageSteps.ts';
import { readRun } from './readRun.ts';
import { writeReport } from './writeReport.ts';

type Order = Extract<AuditorOrder, { kind: 'navigations' }>;

/** Audits the same navigation several times, each in a new browser with an empty profile, one after the other. */
export async function auditNavigations(order: Order, steps: PageSteps): Promise<NavigationsAnswer> {
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
  order: Order,
  { prepare }: PageSteps,
  profileDir: string,
): Promise<{ lhr: Result; run: LighthouseRun }> {
  const startedMs = performance.now();
  await using browser = await auditedBrowser(order.executablePath, profileDir);
  await prepare?.(browser.page, order.input);
  const { flags, config } = lighthouseSettings(order);
  const result = await lighthouse(order.url, flags, config, browser.lighthousePage);
  if (result === undefined) throw new Error('Lighthouse gave no result');
  const lhr = secretScrubber(order.secrets).scrub(result.lhr);
  const durationMs = performance.now() - startedMs;
  return { lhr, run: readRun(lhr, { categories: order.categories, durationMs }) };
}
