import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { quoteForShell } from '../core/terminalText.ts';
import { readEnvironment } from '../probes/environment.ts';
import { BENCHMARKS, type BenchOptions, readCommandLine, USAGE } from './commandLine.ts';
import { findPeers, type Peers } from './peers/peers.ts';
import { formatReport } from './table.ts';

const args = process.argv.slice(2);
// Started processes end with this one.
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

/** Prints each benchmark as soon as it is done: tables to standard output, all else to standard error. Returns the exit status. */
async function run({ names, runs, stallRuns, seed }: BenchOptions): Promise<number> {
  const peers = await findPeers();
  process.stdout.write(`${describeMachine(peers)}\n\n`);
  let exitStatus = 0;
  for (const name of names) {
    const logProgress = (line: string): void => void process.stderr.write(`${name}, ${line}\n`);
    const ownRuns = name === 'stall' ? stallRuns : runs;
    try {
      const context = { runs: ownRuns, draw: seededDraw(seed), peers, logProgress };
      process.stdout.write(`${formatReport(await BENCHMARKS[name](context), ownRuns)}\n`);
    } catch (error) {
      logProgress(`failed: ${error instanceof Error ? error.message : error}`);
      exitStatus = 1;
    }
  }
  return exitStatus;
}

/** The command, the date, the machine and the versions, without which a table means nothing, as Markdown. */
function describeMachine(peers: Peers): string {
  const command = ['npm run bench', ...(args.length === 0 ? [] : ['--'])];
  const commandLine = [...command, ...args.map(quoteForShell)].join(' ');
  const date = new Date().toISOString().slice(0, 10);
  const { os, cpu, cores, runtime, loadAverage1m } = readEnvironment(null);
  const load = loadAverage1m === null ? '' : `, load average before ${loadAverage1m.toFixed(1)}`;
  const versions = [
    runtime,
    `undici ${pinnedVersion('undici')}`,
    `Playwright ${pinnedVersion('@playwright/test')}`,
    ...Object.entries(peers).flatMap(([name, peer]) =>
      peer === null ? [] : [`${name} ${peer.version}`],
    ),
  ];
  return `\`${commandLine}\`, ${date}, ${cores} × ${cpu}, ${os}${load}; ${versions.join(', ')}.
Medians of the runs (least to most); one tool at a time, in an order that is drawn anew each round.`;
}

/** As package.json pins it. */
function pinnedVersion(name: string): string {
  const file = new URL('../../package.json', import.meta.url);
  const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return devDependencies[name] ?? 'of unknown version';
}
