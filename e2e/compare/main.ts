import { randomInt } from 'node:crypto';
import { constants } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser } from '../commands/ensureBrowser.ts';
import { ROOT, runCommand } from '../commands/tools.ts';
import { readVariable } from '../core/environmentVariables.ts';
import { HarnessError } from '../core/harnessError.ts';
import { secretScrubber } from '../core/secrets/secretScrubber.ts';
import { plainText } from '../core/terminalText.ts';
import { secretsOfRun } from '../setup/secretsOfRun.ts';
import { exitStatus } from './judge.ts';
import { terminalText, writeComparison } from './report.ts';
import { type ComparisonOptions, runComparison } from './runComparison.ts';

const USAGE = `npm run compare -- --baseline <url or git ref> [--candidate <url or git ref>] [options]
Did a change make it worse? Measures two versions of SalesTalk side by side, in turns. Without --candidate it is the working tree.
Of a git ref it starts the embedded SalesTalk; a URL must be of the target that SALESTALK_TARGET names (default dev).
  --only api           leave the page out
  --seconds N          longest time for the requests to the API (default 120)
  --model-median-ms N  median latency of the mocked model (default 20)
  --seed N             of the order and of the model's latencies (default: drawn anew)
  --self-test          allow both sides to be the same commit: it must find no difference
  --help               show this
The exit status is 0 if nothing got worse. The report is perf-report-compare/, or the folder that PERF_REPORT_DIR names.
`;

if (import.meta.main) {
  // An exit in order also ends the started processes and removes the folders of the sides.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
  await runCommand(async (args) => {
    const options = readCommandLine(args);
    if (options !== 'help') return await compare(options);
    process.stdout.write(USAGE);
    return 0;
  });
}

async function compare(
  options: Omit<ComparisonOptions, 'repository' | 'logProgress'>,
): Promise<number> {
  if (!options.onlyApi) await ensureBrowser();
  const logProgress = (line: string) => process.stderr.write(`compare: ${plainText(line)}\n`);
  const found = await runComparison({ ...options, repository: ROOT, logProgress });
  const comparison = secretScrubber(secretsOfRun()).scrub(found);
  const folder = path.resolve(
    readVariable(process.env, 'PERF_REPORT_DIR') ?? 'perf-report-compare',
  );
  writeComparison(folder, comparison);
  process.stdout.write(terminalText(comparison));
  process.stdout.write(`Report: ${path.join(folder, 'summary.md')}\n`);
  return exitStatus(comparison.metrics);
}

/** 'help' if the user asks for it. @throws HarnessError OPTION_REFUSED */
export function readCommandLine(
  args: string[],
): Omit<ComparisonOptions, 'repository' | 'logProgress'> | 'help' {
  const values = parseOptions(args);
  if (values.help) return 'help';
  const { baseline, candidate, only } = values;
  if (baseline === undefined) throw refused('--baseline', 'nothing', 'a URL or a git ref');
  if (only !== undefined && only !== 'api') throw refused('--only', JSON.stringify(only), 'api');
  return {
    baseline,
    candidate,
    isSelfTest: values['self-test'],
    candidateArgs: values['candidate-args'].split(/\s+/).filter((word) => word !== ''),
    onlyApi: only === 'api',
    seconds: wholeNumber('--seconds', values.seconds, 5, 600),
    seed: wholeNumber('--seed', values.seed ?? String(randomInt(2 ** 31)), 0, 2 ** 31 - 1),
    modelMedianMs: wholeNumber('--model-median-ms', values['model-median-ms'], 1, 10_000),
  };
}

function parseOptions(args: string[]) {
  const options = {
    baseline: { type: 'string' },
    candidate: { type: 'string' },
    only: { type: 'string' },
    seconds: { type: 'string', default: '120' },
    'model-median-ms': { type: 'string', default: '20' },
    seed: { type: 'string' },
    'self-test': { type: 'boolean', default: false },
    // For self-checks: arguments that only the embedded candidate is started with.
    'candidate-args': { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  } as const;
  // The value begins with a dash, which parseArgs accepts only after "=".
  const [raw, at] = ['--candidate-args', args.indexOf('--candidate-args')];
  const joined = at === -1 ? args : args.toSpliced(at, 2, `${raw}=${args[at + 1] ?? ''}`);
  try {
    return parseArgs({ args: joined, options }).values;
  } catch (error) {
    const [found = ''] = (error as Error).message.split('. ');
    throw refused('the command line', found, 'the options that --help lists');
  }
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw refused(option, JSON.stringify(text), `a whole number from ${least} to ${most}`);
}

function refused(file: string, found: string, expected: string): HarnessError {
  return new HarnessError({
    code: 'OPTION_REFUSED',
    summary: 'The comparison cannot begin.',
    file,
    found,
    expected,
    remedy: 'npm run compare -- --help',
  });
}
