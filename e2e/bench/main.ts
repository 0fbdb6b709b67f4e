import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { runCommand } from '../commands/tools.ts';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { quoteForShell } from '../core/terminalText.ts';
import { readEnvironment } from '../probes/environment.ts';
import type { Benchmark } from './benchmark.ts';
import { clear } from './clear.ts';
import { commands } from './commands.ts';
import { cost } from './cost.ts';
import { mock } from './mock.ts';
import { report } from './report.ts';
import { shards } from './shards.ts';
import { stall } from './stall.ts';
import { formatReport } from './table.ts';
import { findPeers, type InstalledPeer } from './tools/peers.ts';
import { truth } from './truth.ts';

/** The benchmarks of `npm run bench`, in the order in which they run. */
export const BENCHMARKS: Record<string, Benchmark> = {
  ...{ truth, stall, cost, shards, mock, report, clear, commands },
};

const NAMES = Object.keys(BENCHMARKS);

const USAGE = `npm run bench [-- [${NAMES.join('] [')}] [options]]
Compares this harness with other tools on this machine, in turns, and prints the results as Markdown. Without a name it runs all benchmarks.
  --runs N        turns of each tool (default 5)
  --stall-runs N  the same for stall, where a turn takes a minute (default 1)
  --seed N        of the order in each round (default 1)
  --help          show this
k6, autocannon and wrk are searched for on the PATH.
`;

const MAX_RUNS = 100;

if (import.meta.main) {
  // An exit in order also ends the started processes.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
  await runCommand((args) => runBenchmarks(readCommandLine(args), args), USAGE);
}

type BenchOptions = { names: string[]; runs: number; stallRuns: number; seed: number };

/** @throws Error that names the invalid argument */
export function readCommandLine(args: string[]): BenchOptions {
  const options = {
    runs: { type: 'string', default: '5' },
    'stall-runs': { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const unknown = positionals.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new Error(`"${unknown}" is no benchmark; there are ${NAMES.join(', ')}`);
  }
  return {
    names: positionals.length === 0 ? NAMES : [...new Set(positionals)],
    runs: parseWholeNumber('--runs', values.runs, 1, MAX_RUNS),
    stallRuns: parseWholeNumber('--stall-runs', values['stall-runs'], 1, MAX_RUNS),
    seed: parseWholeNumber('--seed', values.seed, 0, 2 ** 31 - 1),
  };
}

function parseWholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${option} is "${text}"; expected a whole number from ${least} to ${most}`);
}

/** Prints each benchmark as soon as it is done: tables to standard output, progress to standard error. Returns the exit status. */
async function runBenchmarks(
  { names, runs, stallRuns, seed }: BenchOptions,
  args: string[],
): Promise<number> {
  const peers = findPeers();
  process.stdout.write(`${describeMachine(peers, args)}\n\n`);
  let exitStatus = 0;
  for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
    if (!names.includes(name)) continue;
    const logProgress = (line: string): void => void process.stderr.write(`${name}, ${line}\n`);
    const rounds = name === 'stall' ? stallRuns : runs;
    try {
      const context = { runs: rounds, draw: seededDraw(seed), peers, logProgress };
      process.stdout.write(`${formatReport(await benchmark(context), rounds)}\n`);
    } catch (error) {
      logProgress(`failed: ${error instanceof Error ? error.message : error}`);
      exitStatus = 1;
    }
  }
  return exitStatus;
}

/** The command, the date, the machine and the versions as Markdown: without them a table means nothing. */
function describeMachine(peers: InstalledPeer[], args: string[]): string {
  const command = ['npm run bench', ...(args.length === 0 ? [] : ['--'])];
  const commandLine = [...command, ...args.map(quoteForShell)].join(' ');
  const date = new Date().toISOString().slice(0, 10);
  const { os, cpu, cores, runtime, loadAverage1m } = readEnvironment(null);
  const load = loadAverage1m === null ? '' : `, load average before ${loadAverage1m.toFixed(1)}`;
  const versions = [
    runtime,
    `undici ${pinnedVersion('undici')}`,
    `Playwright ${pinnedVersion('@playwright/test')}`,
    ...peers.map(({ name, version }) => `${name} ${version}`),
  ];
  return `\`${commandLine}\`, ${date}, ${cores} × ${cpu}, ${os}${load}; ${versions.join(', ')}.
Medians of the runs (least to most); one tool at a time, in an order that is drawn anew each round.`;
}

function pinnedVersion(name: string): string {
  const file = new URL('../../package.json', import.meta.url);
  const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return devDependencies[name] ?? 'of unknown version';
}
