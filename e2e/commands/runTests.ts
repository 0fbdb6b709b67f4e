import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HarnessError } from '../core/harnessError.ts';
import { ensureBrowser } from './ensureBrowser.ts';
import { runChild } from './runChild.mjs';
import { countTests, failedStep, type StepOutcome } from './testCounts.ts';
import { type TestStep, testSteps } from './testSteps.ts';
import { ROOT } from './tools.ts';

// `npm test`, and with --all `npm run test:all`. Every step runs, also after a failed one, so that one run shows everything to mend.
// Not named test.ts: Node's and Deno's test runners would take it for a test, and run themselves without end.
const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
const folder = mkdtempSync(join(tmpdir(), 'harness-tests-'));
const countsFile = join(folder, 'counts.json');
const hasBrowser = await browserIsThere();
const lines: string[] = [];
const outcomes: (StepOutcome & { step: string })[] = [];
let stopped = false;

for (const step of testSteps(countsFile, values)) {
  process.stdout.write(`\n── ${step.name} ──\n`);
  const startedAtMs = performance.now();
  const outcome = await runStep(step);
  const line = stepLine(step.name, outcome, performance.now() - startedAtMs);
  process.stdout.write(`${line}\n`);
  lines.push(line);
  outcomes.push({ ...outcome, step: step.name });
  if (stopped) break;
}

rmSync(folder, { recursive: true, force: true });
lines.push(`  took ${(performance.now() / 1000).toFixed(0)} s in all`);
if (stopped) lines.push('stopped by a signal: the steps that follow were not run');
const [passed = 0, failed = 0, skipped = 0] = (['passed', 'failed', 'skipped'] as const).map(
  (kind) => outcomes.reduce((sum, outcome) => sum + outcome[kind], 0),
);
const failures = outcomes.flatMap(({ step, failures }) =>
  failures.map(({ title, message }) => `✖ ${step}: ${title}\n${message.replaceAll(/^/gm, '    ')}`),
);
const warnings = outcomes.flatMap(({ slowFiles }) => slowFiles).map(slowFileWarning);
// Last, where a reader of a long log looks first.
if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.join('\n')}\n`);
if (warnings.length > 0) process.stdout.write(`\n${warnings.join('\n')}\n`);
process.stdout.write(`\n${lines.join('\n')}\n`);
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed > 0 || passed === 0 || stopped ? 1 : 0;

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
  rmSync(countsFile, { force: true });
  const [file, ...args] = command;
  const options = { cwd: ROOT, env: { ...process.env, ...env } };
  const { exitCode, interrupted } = await runChild(file, args, options);
  stopped = interrupted;
  const countsText = existsSync(countsFile) ? readFileSync(countsFile, 'utf8') : null;
  return countTests(counts, exitCode, countsText);
}

function stepLine(name: string, outcome: StepOutcome, durationMs: number): string {
  const mark = outcome.failed === 0 ? '✔' : '✖';
  const counts = `${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`;
  const problem = outcome.problem === null ? '' : `  (${outcome.problem})`;
  return `${mark} ${name.padEnd(17)} ${counts}  ${(durationMs / 1000).toFixed(1)} s${problem}`;
}

function slowFileWarning({ file, seconds }: StepOutcome['slowFiles'][number]): string {
  const slowName = file.replace(/\.test\.ts$/, '.slow.test.ts');
  return `! ${file} took ${seconds.toFixed(1)} s: make it faster, or name it ${slowName}`;
}
