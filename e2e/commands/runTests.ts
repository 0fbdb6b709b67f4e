import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HarnessError } from '../core/harnessError.ts';
import { stepThatFailed } from './countTests.ts';
import { ensureBrowser } from './ensureBrowser.ts';
import { runStep } from './runStep.ts';
import type { FailedTest, SlowFile, StepOutcome } from './testStep.ts';
import { testSteps } from './testSteps.ts';

// `npm test`, and with --all `npm run test:all`. Every step runs, whatever became of those before, so that one run shows all there is to mend.
// Not named test.ts: Node's and Deno's test runners would take it for a test, and run themselves without end.
const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
const folder = mkdtempSync(join(tmpdir(), 'harness-tests-'));
const countsFile = join(folder, 'counts.json');
const hasBrowser = await browserIsThere();
const lines: string[] = [];
const failures: string[] = [];
const warnings: string[] = [];
const total = { passed: 0, failed: 0, skipped: 0 };
let stopped = false;

for (const step of testSteps(countsFile, values)) {
  process.stdout.write(`\n── ${step.name} ──\n`);
  const startedAtMs = performance.now();
  const { outcome, interrupted } =
    step.needsBrowser && !hasBrowser
      ? { outcome: stepThatFailed('was not run: there is no browser'), interrupted: false }
      : await runStep(step, countsFile);
  const line = lineOf(step.name, outcome, performance.now() - startedAtMs);
  process.stdout.write(`${line}\n`);
  lines.push(line);
  failures.push(...outcome.failures.map((failure) => describeFailure(step.name, failure)));
  warnings.push(...outcome.slowFiles.map(describeSlowFile));
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped += outcome.skipped;
  stopped = interrupted;
  if (stopped) break;
}

rmSync(folder, { recursive: true, force: true });
lines.push(`  took ${(performance.now() / 1000).toFixed(0)} s in all`);
if (stopped) lines.push('stopped by a signal: the steps that follow were not run');
const { passed, failed, skipped } = total;
// Last, where whoever sees the end of a long log alone looks.
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

function describeFailure(step: string, { title, message }: FailedTest): string {
  return `✖ ${step}: ${title}\n${message.replaceAll(/^/gm, '    ')}`;
}

function describeSlowFile({ file, seconds }: SlowFile): string {
  const slowName = file.replace(/\.test\.ts$/, '.slow.test.ts');
  return `! ${file} took ${seconds.toFixed(1)} s: make it faster, or name it ${slowName}`;
}

function lineOf(name: string, outcome: StepOutcome, durationMs: number): string {
  const mark = outcome.failed === 0 ? '✔' : '✖';
  const counts = `${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`;
  const problem = outcome.problem === null ? '' : `  (${outcome.problem})`;
  return `${mark} ${name.padEnd(17)} ${counts}  ${(durationMs / 1000).toFixed(1)} s${problem}`;
}
