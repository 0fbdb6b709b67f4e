import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { parseJson } from '../core/readJson.ts';
import { ensureBrowser } from './ensureBrowser.ts';
import { runChild } from './runChild.mjs';
import { ROOT, runCommand, TOOLS } from './tools.ts';

const USAGE = `npm run repeat -- [--runs 20] [--busy-loop] [--out folder] [-- arguments of Playwright]
Runs the project perf several times in a row and prints a line for each run, even if it fails.
  --runs       how many runs
  --busy-loop  keep one core busy meanwhile
  --out        new folder for the table, and for the report and the output of each run
`;

const HEADING =
  'run     verdict       seconds  met  missed  inconclusive  stolen CPU  longest stall, in all';

/** Ends by itself after the end of its parent. */
const BUSY_LOOP = `const parent = process.ppid;
for (let untilMs = 0; process.ppid === parent; ) {
  untilMs = Date.now() + 500;
  while (Date.now() < untilMs);
}`;

/** Workloads of the page do not time requests of the API. */
const PAGE_WORKLOADS = /page|visits|lighthouse/i;

/** The parts of `summary.json` that the table shows. */
const summarySchema = z.object({
  verdict: z.string(),
  objectives: z.array(z.object({ verdict: z.string() })),
  harness: z.object({
    workloads: z.array(
      z.object({
        workload: z.string(),
        durationMs: z.number(),
        stolenShare: z.number().nullable(),
        stallMs: z.number(),
        ownStallMs: z.number().nullable(),
      }),
    ),
  }),
});

type Stall = { workload: string; ms: number };

type RepeatedRun = {
  name: string;
  seconds: number;
  /** `none`: the run left no valid summary. */
  verdict: string;
  objectives: Record<'pass' | 'fail' | 'inconclusive', number>;
  /** The API workload during which the harness stalled longest in all, without stolen CPU time. */
  worstStall: Stall | null;
  /** Share of the CPU time that other virtual machines took during the workloads. */
  stolenShare: number | null;
};

if (import.meta.main) await runCommand(repeatRuns, USAGE);

async function repeatRuns(args: string[]): Promise<number> {
  const options = {
    runs: { type: 'string', default: '20' },
    'busy-loop': { type: 'boolean', default: false },
    out: { type: 'string', default: `perf-report-repeat-${Math.round(Date.now() / 1000)}` },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { 'busy-loop': isBusy, out } = values;
  const count = Number(values.runs);
  if (!Number.isInteger(count) || count < 1) {
    throw new Error(`--runs ${values.runs}: expected a whole number, 1 or more`);
  }
  await ensureBrowser();
  const folder = join(ROOT, out);
  if (existsSync(folder)) throw new Error(`--out ${out}: exists already`);
  mkdirSync(folder, { recursive: true });
  const write = (line: string): void => {
    process.stdout.write(`${line}\n`);
    appendFileSync(join(folder, 'table.txt'), `${line}\n`);
  };
  write(`${count} runs of perf${isBusy ? ', one core kept busy' : ''}: ${out}`);
  write(HEADING);
  const runs: RepeatedRun[] = [];
  using _ = isBusy ? startBusyLoop() : null;
  while (runs.length < count) {
    const name = `run-${`${runs.length + 1}`.padStart(2, '0')}`;
    const { seconds, interrupted } = await runOnce(join(folder, name), positionals);
    // An interrupted run has no result.
    if (interrupted) break;
    const summary = join(folder, name, 'summary.json');
    const text = existsSync(summary) ? readFileSync(summary, 'utf8') : null;
    const run = { name, seconds, ...readRun(text) };
    runs.push(run);
    write(tableRow(run));
  }
  write(summarizeRuns(runs, count));
  return runs.length === count && runs.every(({ verdict }) => verdict === 'pass') ? 0 : 1;
}

/** Writes the report to this folder, and the output to a file beside it. */
async function runOnce(
  reportDir: string,
  args: string[],
): Promise<{ seconds: number; interrupted: boolean }> {
  const [file, ...first] = TOOLS.playwright;
  const output = openSync(`${reportDir}.log`, 'w');
  const startedAtMs = performance.now();
  try {
    const { interrupted } = await runChild(file, [...first, 'test', '--project=perf', ...args], {
      cwd: ROOT,
      env: { ...process.env, PERF_REPORT_DIR: reportDir },
      stdio: ['ignore', output, output],
    });
    return { interrupted, seconds: (performance.now() - startedAtMs) / 1000 };
  } finally {
    closeSync(output);
  }
}

function startBusyLoop(): Disposable {
  const child = spawn(process.execPath, ['-e', BUSY_LOOP], { stdio: 'ignore' });
  return { [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

/** The result of a run from the text of its `summary.json`; null if there is none. */
export function readRun(text: string | null): Omit<RepeatedRun, 'name' | 'seconds'> {
  const { data } = summarySchema.safeParse(parseJson(text ?? ''));
  const count = (name: string) =>
    (data?.objectives ?? []).filter(({ verdict }) => verdict === name).length;
  const workloads = data?.harness.workloads ?? [];
  const apiWorkloads = workloads.filter(({ workload }) => !PAGE_WORKLOADS.test(workload));
  const stalls = apiWorkloads.map(({ workload, stallMs, ownStallMs }) => ({
    workload,
    ms: ownStallMs ?? stallMs,
  }));
  const known = workloads.filter(({ stolenShare }) => stolenShare !== null);
  const totalMs = known.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const stolenMs = known.reduce((sum, one) => sum + one.durationMs * (one.stolenShare ?? 0), 0);
  return {
    verdict: data?.verdict ?? 'none',
    objectives: { pass: count('pass'), fail: count('fail'), inconclusive: count('inconclusive') },
    worstStall: longestStall(stalls),
    stolenShare: totalMs === 0 ? null : stolenMs / totalMs,
  };
}

export function tableRow({ name, verdict, seconds, ...run }: RepeatedRun): string {
  const { objectives, worstStall, stolenShare } = run;
  return [
    name.padEnd(7),
    verdict.toUpperCase().padEnd(12),
    seconds.toFixed(0).padStart(8),
    `${objectives.pass}`.padStart(4),
    `${objectives.fail}`.padStart(7),
    `${objectives.inconclusive}`.padStart(13),
    (stolenShare === null ? 'unknown' : `${(100 * stolenShare).toFixed(1)} %`).padStart(11),
    ` ${describeStall(worstStall)}`,
  ].join(' ');
}

/** One line for all runs. `planned` is the number of runs that were asked for. */
export function summarizeRuns(runs: readonly RepeatedRun[], planned: number): string {
  const countRuns = (name: string) => runs.filter(({ verdict }) => verdict === name).length;
  const slowest = Math.max(0, ...runs.map(({ seconds }) => seconds));
  const stall = longestStall(runs.flatMap(({ worstStall }) => worstStall ?? []));
  return `passed ${countRuns('pass')} of ${planned}, failed ${countRuns('fail')}; slowest ${slowest.toFixed(0)} s; longest stall ${describeStall(stall)}`;
}

function longestStall(stalls: readonly Stall[]): Stall | null {
  return stalls.toSorted((a, b) => b.ms - a.ms)[0] ?? null;
}

function describeStall(stall: Stall | null): string {
  return stall === null ? 'unknown' : `${stall.ms.toFixed(0)} ms (${stall.workload})`;
}
