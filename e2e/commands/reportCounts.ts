import { relative } from 'node:path';
import type { EventData } from 'node:test';
import { failedTest } from './failedTests.ts';
import type { FailedTest, SlowFile } from './testStep.ts';

type RunnerEvent = { type: string; data: unknown };

/** So long may the tests of a file take, unless its name says that they take longer. */
const FAST_FILE_SECONDS = 5;

/**
 * A reporter of node:test that writes nothing but the counts of the whole run, the tests that failed, and the files that took longer than
 * their names say, as JSON.
 */
export default async function* reportCounts(
  events: AsyncIterable<RunnerEvent>,
): AsyncGenerator<string> {
  const failures: FailedTest[] = [];
  const secondsOf = new Map<string, number>();
  for await (const { type, data } of events) {
    if (type === 'test:fail') failures.push(...failureOf(data as EventData.TestFail));
    if (type === 'test:pass' || type === 'test:fail') addDuration(data as EventData.TestPass);
    if (type !== 'test:summary') continue;
    const { file, counts } = data as EventData.TestSummary;
    // With a file, it is the summary of that file alone.
    if (file === undefined) {
      yield JSON.stringify({ ...counts, failures, slowFiles: slowFiles(secondsOf) });
    }
  }

  function addDuration({ nesting, file, details }: EventData.TestPass): void {
    // A test inside another is part of its duration.
    if (nesting !== 0 || file === undefined) return;
    secondsOf.set(file, (secondsOf.get(file) ?? 0) + details.duration_ms / 1000);
  }
}

function slowFiles(secondsOf: ReadonlyMap<string, number>): SlowFile[] {
  return [...secondsOf]
    .filter(([file, seconds]) => seconds > FAST_FILE_SECONDS && !/\.(slow|browser)\./.test(file))
    .map(([file, seconds]) => ({ file: relative(process.cwd(), file), seconds }));
}

/** A test that failed only because one inside it did adds nothing. */
function failureOf({ name, file, details }: EventData.TestFail): FailedTest[] {
  const { error } = details;
  if ('failureType' in error && error.failureType === 'subtestsFailed') return [];
  const cause = error.cause instanceof Error ? error.cause : error;
  return [
    failedTest(
      file === undefined ? name : `${relative(process.cwd(), file)} › ${name}`,
      cause.message,
    ),
  ];
}
