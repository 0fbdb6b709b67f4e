import { request } from '@playwright/test';
import { LatencyHistogram } from '../../engine/latencyHistogram.ts';
import { sendOnSchedule } from '../../engine/sendOnSchedule.ts';
import { evenArrivals, readQuantiles } from './sending.ts';
import type { OpenLoad, ToolReport } from './tool.ts';

// Runs Playwright's request context, which has no load model of its own, on the schedule of the other tools. It times each request by a
// clock around it, as most specs do, and by `APIResponse.timing()`, from the start of the request to the end of the response.
const load: OpenLoad = JSON.parse(process.argv[2] ?? '');
const { url, seconds, ratePerSecond, warmUpSeconds = 0 } = load;
const context = await request.newContext();
const wall = new LatencyHistogram();
const reported = new LatencyHistogram();

await sendOnSchedule({
  schedule: [...evenArrivals(ratePerSecond, warmUpSeconds + seconds)].map((dueMs) => ({
    dueMs,
    item: { isCounted: dueMs >= warmUpSeconds * 1000 },
  })),
  send: async ({ isCounted }) => {
    const startMs = performance.now();
    const response = await context.get(url);
    await response.body();
    const wallMs = performance.now() - startMs;
    const { requestStart, responseEnd } = response.timing();
    if (requestStart < 0 || responseEnd < 0) throw new Error('Playwright reports no timing');
    if (isCounted) {
      wall.record(wallMs);
      reported.record(responseEnd - requestStart);
    }
    await response.dispose();
  },
});
const report: ToolReport = {
  requests: wall.count,
  failed: 0,
  dropped: null,
  quantilesMs: { 'clock around it': readQuantiles(wall), 'timing()': readQuantiles(reported) },
};
process.stdout.write(`${JSON.stringify(report)}\n`);
await context.dispose();
