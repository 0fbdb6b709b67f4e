import { request } from '@playwright/test';
import { LatencyHistogram } from '../../engine/latencyHistogram.ts';
import { runOpenLoop } from '../../engine/openModel.ts';
import { evenArrivals, quantilesOf, readClientArguments } from './loadClient.ts';

// Playwright's request context, which has no load model of its own, on the schedule of all others. Timed by a clock around it, as specs
// mostly do, and by its own `APIResponse.timing()`: start of the request to the end of the response.
const { url, seconds, rate, 'warm-up-seconds': warmUpSeconds } = readClientArguments();
const context = await request.newContext();
const wall = new LatencyHistogram();
const reported = new LatencyHistogram();

await runOpenLoop({
  schedule: [...evenArrivals(rate, warmUpSeconds + seconds)].map((dueMs) => ({
    dueMs,
    item: { isCounted: dueMs >= warmUpSeconds * 1000 },
  })),
  send: async ({ isCounted }) => {
    const startMs = performance.now();
    const response = await context.get(url.href);
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
const [wallMs, reportedMs] = [quantilesOf(wall), quantilesOf(reported)];
process.stdout.write(`${JSON.stringify({ requests: wall.count, wallMs, reportedMs })}\n`);
await context.dispose();
