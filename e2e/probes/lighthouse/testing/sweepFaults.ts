import { rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runLighthouse } from '../runLighthouse.ts';
import { faultyPage, PLANTED_FAULTS, type PlantedFault } from './faultyPage.ts';

/*
 * Prints what Lighthouse says of the clean page and of each fault by itself; too slow for the unit tests. By hand:
 * node e2e/probes/lighthouse/testing/sweepFaults.ts [simulate|provided] [desktop|mobile]
 */
const throttling = process.argv[2] === 'provided' ? 'provided' : 'simulate';
const formFactor = process.argv[3] === 'mobile' ? 'mobile' : 'desktop';
const reportPath = path.join(os.tmpdir(), `sweep-${process.pid}.html`);
const rows: Record<string, Record<string, number>> = {};
for (const faults of [
  [],
  ...PLANTED_FAULTS.map((fault) => [fault]),
  [...PLANTED_FAULTS],
] satisfies PlantedFault[][]) {
  await using server = await faultyPage(faults);
  const { median } = await runLighthouse({
    url: server.url,
    formFactor,
    throttling,
    categories: ['performance'],
    runs: 1,
    timeoutMs: 60_000,
    reportPath,
    secrets: [],
  });
  const { renderBlocking, unused, unminified, briefCache, layoutShifts } = median.findings;
  rows[faults.join('+') || 'clean'] = {
    score: median.scores.performance ?? Number.NaN,
    ...Object.fromEntries(
      Object.entries(median.metrics).map(([k, v]) => [k, Math.round(v * 1000) / 1000]),
    ),
    blocking: renderBlocking.length,
    unused: unused.length,
    unminified: unminified.length,
    briefCache: briefCache.length,
    shifts: layoutShifts.length,
    tookMs: Math.round(median.durationMs),
  };
}
rmSync(reportPath, { force: true });
console.table(rows);
