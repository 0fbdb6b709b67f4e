import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseRunState, reportRun } from '../../report/reportRun.ts';

// From the record of a run to its finished summary on disk, as the reporter goes, in a process of its own.
const STRING = { type: 'string' } as const;
const { values } = parseArgs({ options: { state: STRING, selected: STRING } });
const state = parseRunState(values.state ?? '');
const selected: string[] = JSON.parse(values.selected ?? '[]');

const { summary } = reportRun({
  state,
  selected,
  tests: [],
  errors: [],
  result: { status: 'passed', startTime: new Date(), duration: 0 },
});
writeFileSync(path.join(state.reportDir, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);

const KB = 1024;
process.stdout.write(
  `${JSON.stringify({
    // Of the process, its start-up included.
    seconds: performance.now() / 1000,
    peakBytes: process.resourceUsage().maxRSS * KB,
    recordBytes: statSync(state.recordFile).size,
    judged: summary.objectives.map(({ id, n, verdict }) => ({ id, n, verdict })),
  })}\n`,
);
