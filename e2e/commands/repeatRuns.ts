import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser } from './ensureBrowser.ts';
import { passSignals } from './passSignals.mjs';
import { HEADING, type RepeatedRun, readRun, rowOf, summarizeRuns } from './repeatedRun.ts';
import { ROOT, TOOLS } from './tools.ts';

const USAGE = `npm run repeat -- [--runs 20] [--busy-loop] [--out folder] [-- arguments of Playwright]
Runs the project perf several times in a row and prints a line for each run, whatever became of it.
  --runs       how many runs
  --busy-loop  keep one core busy meanwhile
  --out        new folder for the table, and for the report and the output of each run
`;

/** Ends by itself where nobody is left to end it. */
const BUSY_LOOP = `const parent = process.ppid;
for (let untilMs = 0; process.ppid === parent; ) {
  untilMs = Date.now() + 500;
  while (Date.now() < untilMs);
}`;

try {
  process.exitCode = await repeatRuns(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 1;
}

async function repeatRuns(args: string[]): Promise<number> {
  const options = {
    runs: { type: 'string', default: '20' },
    'busy-loop': { type: 'boolean', default: false },
    out: { type: 'string', default: `perf-report-repeat-${Math.round(Date.now() / 1000)}` },
    help: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { 'busy-loop': isBusy, out, help } = values;
  const count = Number(values.runs);
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
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
    const { seconds, isInterrupted } = await runOnce(join(folder, name), positionals);
    // Of a run that was interrupted nothing is known.
    if (isInterrupted) break;
    const run = { name, seconds, ...readRun(readSummary(join(folder, name))) };
    runs.push(run);
    write(rowOf(run));
  }
  write(summarizeRuns(runs, count));
  return runs.length === count && runs.every(({ verdict }) => verdict === 'pass') ? 0 : 1;
}

/** One run, with its report in this folder and its output in a file beside it. */
async function runOnce(
  reportDir: string,
  args: string[],
): Promise<{ seconds: number; isInterrupted: boolean }> {
  const [file, ...first] = TOOLS.playwright;
  const output = openSync(`${reportDir}.log`, 'w');
  const startedAtMs = performance.now();
  const child = spawn(file, [...first, 'test', '--project=perf', ...args], {
    cwd: ROOT,
    env: { ...process.env, PERF_REPORT_DIR: reportDir },
    stdio: ['ignore', output, output],
  });
  const release = passSignals(child);
  const ended = Promise.withResolvers<void>();
  child.on('error', ended.reject);
  child.on('close', () => ended.resolve());
  try {
    await ended.promise;
  } finally {
    closeSync(output);
  }
  return { isInterrupted: release(), seconds: (performance.now() - startedAtMs) / 1000 };
}

/** Null where the run left none. */
function readSummary(reportDir: string): string | null {
  try {
    return readFileSync(join(reportDir, 'summary.json'), 'utf8');
  } catch {
    return null;
  }
}

function startBusyLoop(): Disposable {
  const child = spawn(process.execPath, ['-e', BUSY_LOOP], { stdio: 'ignore' });
  return { [Symbol.dispose]: () => void child.kill('SIGKILL') };
}
