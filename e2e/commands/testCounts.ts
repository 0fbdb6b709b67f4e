import { relative } from 'node:path';
import type { EventData } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';

type Failure = { title: string; message: string };

/** The tests of one step. The step writes this, or Playwright's JSON report, to a file. */
type TestCounts = {
  passed: number;
  failed: number;
  skipped: number;
  /** Failed tests, each with the first lines of its message, without colours. */
  failures: Failure[];
  /** Files that took too long for fast unit tests, with the time of all their tests. */
  slowFiles: { file: string; seconds: number }[];
};

/** How a step ended. `problem`: what was wrong with the step itself, apart from failed tests; null if nothing was. */
export type StepOutcome = TestCounts & { problem: string | null };

/** `status`: the program is one test, which passed if it exits with 0. */
export type CountsFormat = 'status' | 'node:test' | 'playwright';

/** Longer messages are cut in the list of failed tests. */
const MAX_LINES = 16;
const MAX_CHARACTERS = 2000;

/** The tests of a file may take this long, unless its name marks it as slow. */
const FAST_FILE_SECONDS = 5;

/** No counts (null), no test at all, or a bad status without a failed test each count as one failure. */
export function countTests(
  format: CountsFormat,
  exitCode: number,
  countsText: string | null,
): StepOutcome {
  const ended = `ended with status ${exitCode}`;
  if (format === 'status') {
    return exitCode === 0 ? { ...failedStep(null), passed: 1, failed: 0 } : failedStep(ended);
  }
  const counts = readCounts(format, countsText);
  if (counts === null) return failedStep(`${ended} and left no counts of its tests`);
  if (counts.failed > 0) return { ...counts, problem: null };
  if (counts.passed === 0) return { ...counts, failed: 1, problem: `${ended} and ran no test` };
  if (exitCode === 0) return { ...counts, problem: null };
  return { ...counts, failed: 1, problem: `${ended}, although no test failed` };
}

export function failedStep(problem: string | null): StepOutcome {
  return { passed: 0, failed: 1, skipped: 0, problem, failures: [], slowFiles: [] };
}

/** `failed` is missing in the types of Node. */
type RunnerSummary = EventData.TestSummary & { counts: { failed: number } };

/** A reporter of node:test that writes the TestCounts of the whole run as JSON. */
export default async function* reportCounts(
  events: AsyncIterable<{ type: string; data: unknown }>,
): AsyncGenerator<string> {
  const failures: Failure[] = [];
  const secondsByFile: Record<string, number> = {};
  for await (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') {
      const { nesting, file, details } = data as EventData.TestPass;
      // The duration of a test includes the tests inside it.
      if (nesting === 0 && file !== undefined) {
        secondsByFile[file] = (secondsByFile[file] ?? 0) + details.duration_ms / 1000;
      }
    }
    if (type === 'test:fail') failures.push(...readFailure(data as EventData.TestFail));
    // A summary with a file covers only that file.
    if (type !== 'test:summary' || (data as RunnerSummary).file !== undefined) continue;
    const { counts } = data as RunnerSummary;
    yield JSON.stringify({
      passed: counts.passed,
      failed: counts.failed + counts.cancelled,
      skipped: counts.skipped + counts.todo,
      failures,
      slowFiles: Object.entries(secondsByFile)
        .filter(
          ([file, seconds]) => seconds > FAST_FILE_SECONDS && !/\.(slow|browser)\./.test(file),
        )
        .map(([file, seconds]) => ({ file: relative(process.cwd(), file), seconds })),
    } satisfies TestCounts);
  }
}

/** Empty for a test that failed only because a test inside it failed. */
function readFailure({ name, file, details: { error } }: EventData.TestFail): Failure[] {
  if ('failureType' in error && error.failureType === 'subtestsFailed') return [];
  const { message } = error.cause instanceof Error ? error.cause : error;
  const place = file === undefined ? '' : `${relative(process.cwd(), file)} › `;
  return [{ title: `${place}${name}`, message: excerpt(message) }];
}

/** Null if the text is missing, cut off or of another shape. */
function readCounts(format: 'node:test' | 'playwright', text: string | null): TestCounts | null {
  try {
    const json = JSON.parse(text ?? '');
    const counts: TestCounts = format === 'playwright' ? countPlaywrightTests(json) : json;
    const { passed, failed, skipped } = counts;
    return [passed, failed, skipped].every(Number.isInteger) ? counts : null;
  } catch {
    return null;
  }
}

function countPlaywrightTests({ stats, suites }: JSONReport): TestCounts {
  return {
    passed: stats.expected,
    // A test that needed a second try did not pass.
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    failures: suites.flatMap(failedSpecs),
    slowFiles: [],
  };
}

function failedSpecs({ specs, suites = [] }: JSONReportSuite): Failure[] {
  const failed = specs.filter(({ ok }) => !ok);
  const own = failed.map(({ title, file, tests }) => {
    const errors = tests.flatMap(({ results }) => results).flatMap((result) => result.errors);
    const messages = errors.map(({ message = 'failed without a message' }) => message);
    return { title: `${file} › ${title}`, message: excerpt(messages.join('\n')) };
  });
  return [...own, ...suites.flatMap(failedSpecs)];
}

function excerpt(message: string): string {
  const lines = stripVTControlCharacters(message).trim().split('\n');
  return lines.slice(0, MAX_LINES).join('\n').slice(0, MAX_CHARACTERS);
}
