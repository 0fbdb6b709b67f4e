import { z } from 'zod';
import { failedSpecs, playwrightSuites } from './failedTests.ts';
import type { StepOutcome, TestStep } from './testStep.ts';

type Counts = Omit<StepOutcome, 'problem'>;

const nodeTestCounts = z
  .object({
    passed: z.int(),
    failed: z.int(),
    cancelled: z.int(),
    skipped: z.int(),
    todo: z.int(),
    failures: z.array(z.object({ title: z.string(), message: z.string() })),
    slowFiles: z.array(z.object({ file: z.string(), seconds: z.number() })),
  })
  .transform(
    ({ passed, failed, cancelled, skipped, todo, failures, slowFiles }): Counts => ({
      passed,
      failed: failed + cancelled,
      skipped: skipped + todo,
      failures,
      slowFiles,
    }),
  );

const playwrightCounts = z
  .object({
    stats: z.object({
      expected: z.int(),
      unexpected: z.int(),
      flaky: z.int(),
      skipped: z.int(),
    }),
    suites: playwrightSuites,
  })
  .transform(
    ({ stats, suites }): Counts => ({
      // A second try is a failure first: a test that needed one has not passed.
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky,
      skipped: stats.skipped,
      failures: failedSpecs(suites),
      slowFiles: [],
    }),
  );

/**
 * The tests of a step, from its exit status and the text of its counts file, null where it left none.
 * Fails closed: no counts, no test at all, or a bad status without a failed test each add one failure.
 */
export function countTests(
  kind: TestStep['counts'],
  exitCode: number,
  countsText: string | null,
): StepOutcome {
  const ended = `ended with status ${exitCode}`;
  if (kind === 'status') {
    return exitCode === 0
      ? { passed: 1, failed: 0, skipped: 0, problem: null, failures: [], slowFiles: [] }
      : stepThatFailed(ended);
  }
  const counts = countsText === null ? null : readCounts(kind, countsText);
  if (counts === null) {
    return stepThatFailed(`${ended} and left no counts of its tests`);
  }
  if (counts.passed + counts.failed === 0) {
    return { ...counts, failed: 1, problem: `${ended} and ran no test` };
  }
  if (counts.failed === 0 && exitCode !== 0) {
    return { ...counts, failed: 1, problem: `${ended}, although no test failed` };
  }
  return { ...counts, problem: null };
}

/** A step that failed as a whole, whatever its tests came to. */
export function stepThatFailed(problem: string): StepOutcome {
  return { passed: 0, failed: 1, skipped: 0, problem, failures: [], slowFiles: [] };
}

function readCounts(kind: 'node:test' | 'playwright', text: string): Counts | null {
  try {
    const json: unknown = JSON.parse(text);
    return (kind === 'node:test' ? nodeTestCounts : playwrightCounts).parse(json);
  } catch {
    return null;
  }
}
