import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type RunState, reportRun } from '../report/reportRun.ts';

/** The cost of the report, and what it judged. */
export type Reading = {
  /** Of the process, its start-up included. */
  seconds: number;
  peakBytes: number;
  recordBytes: number;
  judged: { id: string; n: number; verdict: string }[];
};

// Turns the record of a run into its summary on disk, as the reporter does. `report.ts` runs it as a process of its own.
const input: { state: RunState; selected: string[] } = JSON.parse(process.argv[2] ?? '');
const { summary } = reportRun({
  ...input,
  tests: [],
  errors: [],
  result: { status: 'passed', startTime: new Date(), duration: 0 },
});
const { reportDir, recordFile } = input.state;
writeFileSync(path.join(reportDir, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
const reading: Reading = {
  seconds: performance.now() / 1000,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  recordBytes: statSync(recordFile).size,
  judged: summary.objectives.map(({ id, n, verdict }) => ({ id, n, verdict })),
};
process.stdout.write(`${JSON.stringify(reading)}\n`);
