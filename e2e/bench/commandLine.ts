import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { clear } from './clear.ts';
import { cost } from './cost.ts';
import { mock } from './mock.ts';
import { report } from './report.ts';
import { stall } from './stall.ts';
import { truth } from './truth.ts';

/** All that `npm run bench` can run, in its order. */
export const BENCHMARKS = { truth, stall, cost, mock, report, clear } satisfies Record<
  string,
  Benchmark
>;

type BenchmarkName = keyof typeof BENCHMARKS;

const NAMES = Object.keys(BENCHMARKS) as BenchmarkName[];

export const USAGE = `npm run bench [-- [${NAMES.join('] [')}] [options]]
Compares this harness with other tools on this machine, in turns, and prints the results as Markdown. Runs all benchmarks where none is named.
  --runs N        turns of each tool (default 5)
  --stall-runs N  the same for stall, where a turn takes a minute (default 1)
  --seed N        of the order in each round (default 1)
  --help          show this
k6, autocannon and wrk are looked for on the PATH.
`;

const MAX_RUNS = 100;

export type BenchOptions = {
  names: BenchmarkName[];
  runs: number;
  stallRuns: number;
  seed: number;
};

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
  const names = positionals.map((text) => {
    const name = NAMES.find((known) => known === text);
    if (name !== undefined) return name;
    throw new Error(`"${text}" is no benchmark; there are ${NAMES.join(', ')}`);
  });
  return {
    names: names.length === 0 ? NAMES : [...new Set(names)],
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
