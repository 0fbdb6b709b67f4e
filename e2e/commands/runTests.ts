import { existsSync, readFileSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { HarnessError } from '../core/harnessError.ts';
import { ensureBrowser } from './ensureBrowser.ts';
import { runChild } from './runChild.mjs';
import { countTests, failedStep, type StepOutcome } from './testCounts.ts';
import { COUNTS_FILE, type TestStep, testSteps } from './testSteps.ts';
import { ROOT } from './tools.ts';

// `npm test`, and with --all `npm run test:all`. Every step runs, even after a failed one, so that one run shows every failure.
// If its name were test.ts, the test runners of Node and Deno would take it for a test and start themselves without end.
const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
const hasBrowser = await browserIsThere();
const lines: string[] = [];
const outcomes: (StepOutcome & { step: string })[] = [];
let stopped = false;

for (const step of testSteps(values)) {
  process.stdout.write(`\n── ${step.name} ──\n`);
  const startedAtMs = performance.now();
  const outcome = await runStep(step);
  const line = stepLine(step.name, outcome, performance.now() - startedAtMs);
  process.stdout.write(`${line}\n`);
  lines.push(line);
  outcomes.push({ ...outcome, step: step.name });
  if (stopped) break;
}

rmSync(COUNTS_FILE, { force: true });
lines.push(`  took ${(performance.now() / 1000).toFixed(0)} s in all`);
if (stopped) lines.push('stopped by a signal: the steps that follow were not run');
const total = (kind: 'passed' | 'failed' | 'skipped') =>
  outcomes.reduce((sum, outcome) => sum + outcome[kind], 0);
const counts = { passed: total('passed'), failed: total('failed'), skipped: total('skipped') };
const failures = outcomes.flatMap(({ step, failures }) =>
  failures.map(({ title, message }) => `✖ ${step}: ${title}\n${message.replaceAll(/^/gm, '    ')}`),
);
const warnings = outcomes.flatMap(({ slowFiles }) => slowFiles).map(slowFileWarning);
// Failures come last, where a reader of a long log looks first.
if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.join('\n')}\n`);
if (warnings.length > 0) process.stdout.write(`\n${warnings.join('\n')}\n`);
process.stdout.write(`\n${lines.join('\n')}\n${describeCounts(counts)}\n`);
process.exitCode = counts.failed > 0 || counts.passed === 0 || stopped ? 1 : 0;

async function browserIsThere(): Promise<boolean> {
  try {
    await ensureBrowser();
    return true;
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return false;
  }
}

async function runStep({ command, env, counts, needsBrowser }: TestStep): Promise<StepOutcome> {
  if (needsBrowser && !hasBrowser) return failedStep('was not run: there is no browser');
  rmSync(COUNTS_FILE, { force: true });
  const [file, ...args] = command;
  const end = await runChild(file, args, { cwd: ROOT, env: { ...process.env, ...env } });
  stopped = end.interrupted;
  const countsText = existsSync(COUNTS_FILE) ? readFileSync(COUNTS_FILE, 'utf8') : null;
  return countTests(counts, end.exitCode, countsText);
}

function stepLine(name: string, outcome: StepOutcome, durationMs: number): string {
  const mark = outcome.failed === 0 ? '✔' : '✖';
  const problem = outcome.problem === null ? '' : `  (${outcome.problem})`;
  const seconds = (durationMs / 1000).toFixed(1);
  return `${mark} ${name.padEnd(17)} ${describeCounts(outcome)}  ${seconds} s${problem}`;
}

function describeCounts({ passed, failed, skipped }: typeof counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function slowFileWarning({ file, seconds }: StepOutcome['slowFiles'][number]): string {
  const slowName = file.replace(/\.test\.ts$/, '.slow.test.ts');
  return `! ${file} took ${seconds.toFixed(1)} s: make it faster, or name it ${slowName}`;
}
