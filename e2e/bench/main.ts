import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { quoteForShell } from '../core/terminalText.ts';
import { readEnvironment } from '../probes/environment.ts';
import type { Benchmark } from './benchmark.ts';
import { clear } from './clear.ts';
import { cost } from './cost.ts';
import { mock } from './mock.ts';
import { report } from './report.ts';
import { stall } from './stall.ts';
import { formatReport } from './table.ts';
import { findPeers, type InstalledPeer } from './tools/peers.ts';
import { truth } from './truth.ts';

/** All that `npm run bench` can run, in its order. */
export const BENCHMARKS: Record<string, Benchmark> = { truth, stall, cost, mock, report, clear };

const NAMES = Object.keys(BENCHMARKS);

const USAGE = `npm run bench [-- [${NAMES.join('] [')}] [options]]
Compares this harness with other tools on this machine, in turns, and prints the results as Markdown. Runs all benchmarks where none is named.
  --runs N        turns of each tool (default 5)
  --stall-runs N  the same for stall, where a turn takes a minute (default 1)
  --seed N        of the order in each round (default 1)
  --help          show this
k6, autocannon and wrk are searched for on the PATH.
`;

const MAX_RUNS = 100;

if (import.meta.main) {
  // Started processes end with this one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
  try {
    const args = process.argv.slice(2);
    const options = readCommandLine(args);
    if (options === 'help') process.stdout.write(USAGE);
    else process.exitCode = await run(options, args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exitCode = 1;
  }
}

type BenchOptions = { names: string[]; runs: number; stallRuns: number; seed: number };

/** 'help' where the user asks for it. @throws Error that says what does not fit */
export function readCommandLine(args: string[]): BenchOptions | 'help' {
  const options = {
    runs: { type: 'string', default: '5' },
    'stall-runs': { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return 'help';
  const unknown = positionals.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new Error(`"${unknown}" is no benchmark; there are ${NAMES.join(', ')}`);
  }
  return {
    names: positionals.length === 0 ? NAMES : [...new Set(positionals)],
    runs: wholeNumber('--runs', values.runs, 1, MAX_RUNS),
    stallRuns: wholeNumber('--stall-runs', values['stall-runs'], 1, MAX_RUNS),
    seed: wholeNumber('--seed', values.seed, 0, 2 ** 31 - 1),
  };
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${option} is "${text}"; expected a whole number from ${least} to ${most}`);
}

/** Prints each benchmark as soon as it is done: tables to standard output, all else to standard error. Returns the exit status. */
async function run(
  { names, runs, stallRuns, seed }: BenchOptions,
  args: string[],
): Promise<number> {
  const peers = findPeers();
  process.stdout.write(`${describeMachine(peers, args)}\n\n`);
  let exitStatus = 0;
  for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
    if (!names.includes(name)) continue;
    const logProgress = (line: string): void => void process.stderr.write(`${name}, ${line}\n`);
    const ownRuns = name === 'stall' ? stallRuns : runs;
    try {
      const context = { runs: ownRuns, draw: seededDraw(seed), peers, logProgress };
      process.stdout.write(`${formatReport(await benchmark(context), ownRuns)}\n`);
    } catch (error) {
      logProgress(`failed: ${error instanceof Error ? error.message : error}`);
      exitStatus = 1;
    }
  }
  return exitStatus;
}

/** The command, the date, the machine and the versions, without which a table means nothing, as Markdown. */
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

/** As package.json pins it. */
function pinnedVersion(name: string): string {
  const file = new URL('../../package.json', import.meta.url);
  const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return devDependencies[name] ?? 'of unknown version';
}
