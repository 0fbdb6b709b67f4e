import type { Page } from '@playwright/test';
import type { ResourceEntry } from './howAborted.ts';

/**
 * What the page's Resource Timing holds: at most 250 entries since the document was loaded. Empty where the page has gone,
 * since nothing can be asked of it then.
 */
export async function resourceEntries(page: Page): Promise<ResourceEntry[]> {
  try {
    return await page.evaluate(() =>
      performance.getEntriesByType('resource').map((entry) => {
        const timing = entry as PerformanceResourceTiming;
        return {
          url: timing.name,
          startAtMs: performance.timeOrigin + timing.startTime,
          responseEndMs: timing.responseEnd - timing.startTime,
          isOpen: timing.requestStart > 0,
          status: timing.responseStatus,
          encodedBodyBytes: timing.encodedBodySize,
          decodedBodyBytes: timing.decodedBodySize,
        };
      }),
    );
  } catch {
    return [];
  }
}
