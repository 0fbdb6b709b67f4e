import { rebuildReport } from '../report/rebuildReport.ts';

/** Of the process so far, its start-up included; `n`: the most requests that an objective judged. */
export type MergeReading = { cpuSeconds: number; peakBytes: number; n: number };

// Merges, judges and reports the records of all shards of a load. `report.ts` runs it as a process of its own.
const { folders, reportDir }: { folders: string[]; reportDir: string } = JSON.parse(
  process.argv[2] ?? '',
);
const { summary } = await rebuildReport(folders, reportDir);
const { user, system } = process.cpuUsage();
const reading: MergeReading = {
  cpuSeconds: (user + system) / 1e6,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  n: Math.max(...summary.objectives.map(({ n }) => n)),
};
process.stdout.write(`${JSON.stringify(reading)}\n`);
