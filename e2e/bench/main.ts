import { constants } from 'node:os';
import { quoteForShell } from '../core/quoteForShell.ts';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { type BenchOptions, readCommandLine, USAGE } from './commandLine.ts';
import { formatReport } from './formatReport.ts';
import { headLines } from './headLines.ts';
import { findPeers } from './peers/findPeers.ts';

const args = process.argv.slice(2);
// What is under way ends with this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(128 + constants.signals[signal]));
}
try {
  const options = readCommandLine(args);
  if (options === 'help') process.stdout.write(USAGE);
  else process.exitCode = await run(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 1;
}

/** Prints each benchmark as soon as it is done; tables to standard output, all else to standard error. Gives back the exit status. */
async function run({ names, runs, stallRuns, seed }: BenchOptions): Promise<number> {
  const peers = await findPeers();
  const command = [
    'npm run bench',
    ...(args.length === 0 ? [] : ['--', ...args.map(quoteForShell)]),
  ].join(' ');
  process.stdout.write(`${headLines({ command, now: new Date(), peers }).join('\n')}\n\n`);
  let exitStatus = 0;
  for (const name of names) {
    const say = (line: string): void => void process.stderr.write(`${name}, ${line}\n`);
    const draw = seededDraw(seed);
    const own = name === 'stall' ? stallRuns : runs;
    try {
      const report = await BENCHMARKS[name]({ runs: own, draw, peers, say });
      process.stdout.write(`${formatReport(report, own)}\n`);
    } catch (error) {
      say(`failed: ${error instanceof Error ? error.message : error}`);
      exitStatus = 1;
    }
  }
  return exitStatus;
}
