import { parseArgs } from 'node:util';
import { BENCHMARKS, type BenchmarkName, isBenchmarkName } from './benchmarks.ts';

const NAMES = Object.keys(BENCHMARKS);

export const USAGE = `npm run bench [-- [${NAMES.join('] [')}] [options]]
Holds this harness beside others on this machine, in turns, and prints what came of it as Markdown. All benchmarks where none is named.
  --runs N        turns of each tool (default 5)
  --stall-runs N  the same for stall, where a turn takes a minute (default 1)
  --seed N        of the order in each round (default 1)
  --help          show this
k6, autocannon and wrk are looked for on the PATH.
`;

const DEFAULTS = { runs: '5', 'stall-runs': '1', seed: '1' };
const MOST_RUNS = 100;

export type BenchOptions = {
  names: BenchmarkName[];
  runs: number;
  stallRuns: number;
  seed: number;
};

/** 'help' where that was asked for. @throws Error that says what does not fit */
export function readCommandLine(args: string[]): BenchOptions | 'help' {
  const options = {
    runs: { type: 'string', default: DEFAULTS.runs },
    'stall-runs': { type: 'string', default: DEFAULTS['stall-runs'] },
    seed: { type: 'string', default: DEFAULTS.seed },
    help: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return 'help';
  const names = positionals.map((name) => {
    if (isBenchmarkName(name)) return name;
    throw new Error(`"${name}" is no benchmark; there are ${NAMES.join(', ')}`);
  });
  return {
    names: names.length === 0 ? NAMES.filter(isBenchmarkName) : [...new Set(names)],
    runs: wholeNumber('--runs', values.runs, 1, MOST_RUNS),
    stallRuns: wholeNumber('--stall-runs', values['stall-runs'], 1, MOST_RUNS),
    seed: wholeNumber('--seed', values.seed, 0, 2 ** 31 - 1),
  };
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${option} is "${text}"; expected a whole number from ${least} to ${most}`);
}
