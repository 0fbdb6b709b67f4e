import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type RunState, reportRun } from '../report/reportRun.ts';
import { NO_HISTORY } from '../report/runHistory.ts';

/** Of the process so far, its start-up included. */
type Cost = { seconds: number; peakBytes: number };

export type Reading = {
  /** Until summary.json is on disk. */
  summary: Cost;
  /** Until index.html is there too. */
  page: Cost;
  recordBytes: number;
  judged: { id: string; n: number; verdict: string }[];
};

const costSoFar = (): Cost => ({
  seconds: performance.now() / 1000,
  peakBytes: process.resourceUsage().maxRSS * 1024,
});

// Turns the record of a run into its summary and its page on disk, as the reporter does. `report.ts` runs it as a process of its own.
const finished: { state: RunState; selected: string[] } = JSON.parse(process.argv[2] ?? '');
const { summary, record } = reportRun({
  ...finished,
  tests: [],
  errors: [],
  result: { status: 'passed', startTime: new Date(), duration: 0 },
});
const { reportDir, recordFile } = finished.state;
writeFileSync(path.join(reportDir, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
const summaryCost = costSoFar();
// Loaded here, since the summary needs none of it.
const { reportPage } = await import('../report/html/page.ts');
const rerunOf = () => ({ target: record.run.target, command: 'npm run load' });
const input = { reportDir, summary, record, history: NO_HISTORY, rerunOf, playwrightReport: null };
writeFileSync(path.join(reportDir, 'index.html'), reportPage(input));
const reading: Reading = {
  summary: summaryCost,
  page: costSoFar(),
  recordBytes: statSync(recordFile).size,
  judged: summary.objectives.map(({ id, n, verdict }) => ({ id, n, verdict })),
};
process.stdout.write(`${JSON.stringify(reading)}\n`);
