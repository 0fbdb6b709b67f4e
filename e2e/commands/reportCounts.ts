import { relative } from 'node:path';
import type { EventData } from 'node:test';
import { failedTest } from './failedTests.ts';
import type { FailedTest } from './testStep.ts';

type RunnerEvent = { type: string; data: unknown };

/** A reporter of node:test that writes nothing but the counts of the whole run and the tests that failed, as JSON. */
export default async function* reportCounts(
  events: AsyncIterable<RunnerEvent>,
): AsyncGenerator<string> {
  const failures: FailedTest[] = [];
  for await (const { type, data } of events) {
    if (type === 'test:fail') failures.push(...failureOf(data as EventData.TestFail));
    if (type !== 'test:summary') continue;
    const { file, counts } = data as EventData.TestSummary;
    // With a file, it is the summary of that file alone.
    if (file === undefined) yield JSON.stringify({ ...counts, failures });
  }
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
