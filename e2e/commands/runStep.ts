import { existsSync, readFileSync, rmSync } from 'node:fs';
import { countTests } from './countTests.ts';
import { runChild } from './runChild.mjs';
import type { StepOutcome, TestStep } from './testStep.ts';
import { ROOT } from './tools.ts';

/** Runs one step of `npm test` or `npm run test:all` on this terminal. `interrupted` holds when the whole should end here. */
export async function runStep(
  step: TestStep,
  countsFile: string,
): Promise<{ outcome: StepOutcome; interrupted: boolean }> {
  rmSync(countsFile, { force: true });
  const [file, ...args] = step.command;
  const env = { ...process.env, ...step.env };
  const { exitCode, interrupted } = await runChild(file, args, { cwd: ROOT, env });
  const countsText = existsSync(countsFile) ? readFileSync(countsFile, 'utf8') : null;
  return { outcome: countTests(step.counts, exitCode, countsText), interrupted };
}
