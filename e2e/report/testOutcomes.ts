import { stripVTControlCharacters } from 'node:util';
import type { TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { plainText, shortText } from '../core/terminalText.ts';
import type { NotMeasured } from '../core/verdict/judgeRun.ts';
import type { HistoryEntry } from '../history/historyEntry.ts';
import { counted } from './describeSummary.ts';
import { findMissedObjective, lastErrors } from './testFailures.ts';

/** Ids of the objectives that a test declares in its annotations. */
export function declaredObjectives({ annotations }: Pick<TestCase, 'annotations'>): string[] {
  return annotations.flatMap(({ type, description }) =>
    type === 'objective' && description !== undefined ? [description] : [],
  );
}

/** Each execution of a test, by a name that is the same in every run. Those that were skipped or interrupted are left out. */
export function findExecutions(tests: TestCase[]): HistoryEntry['executions'] {
  return tests.flatMap((test) => {
    const [, project = '', file = '', ...titles] = test.titlePath();
    const place = file.replaceAll('\\', '/');
    // Several projects may run one file.
    const names = place.startsWith(`${project}/`) ? [place] : [project, place];
    return test.results.flatMap(({ status }) => {
      if (status === 'skipped' || status === 'interrupted') return [];
      const outcome = status === test.expectedStatus ? 'passed' : 'failed';
      return [{ test: plainText([...names, ...titles].join(' › ')), outcome }];
    });
  });
}

/** Errors that end the measuring without a fault of the system under test. */
const ENDING = /\b(TOKEN_INVALID|AI_MOCK_FAILED): ([^\n]*)/;
/** Playwright's messages about an early end are no failures: the tests that were not reached are listed. */
const EARLY_END =
  /^(Error: )?(Testing stopped early after|Timed out waiting \S+ for the [a-z ]+ to run)/;
const MAX_CHARACTERS = 200;

/**
 * Failures that no objective explains, each in a sentence: tests that failed for another reason than a missed objective, and errors
 * outside of the tests. After such a failure the run may not have measured all that it should.
 * @param explained ids of the objectives whose failing tests the verdict explains
 */
export function findOtherFailures(
  tests: TestCase[],
  errors: TestError[],
  explained: string[],
): string[] {
  const broken = tests
    .filter((test) => test.outcome() === 'unexpected')
    .filter((test) => !isExplained(test.results.at(-1), explained) && findEnding(test) === null)
    .map((test) => {
      const [, , ...names] = test.titlePath();
      return `the test "${plainText(names.join(' › '))}" failed${describeFirst(lastErrors(test))}`;
    });
  const outside = errors
    .filter((error) => !EARLY_END.test(readMessage(error)))
    .map((error) => `outside of the tests${describeFirst([error])}`);
  return [...broken, ...outside];
}

/** The distinct causes that ended the measuring: the token expired, the AI mock was lost. */
export function findEndings(tests: TestCase[]): string[] {
  const found = tests.filter((test) => test.outcome() === 'unexpected').map(findEnding);
  return [...new Set(found.filter((ending) => ending !== null))];
}

/** The cause that ended the measuring of a test; null if the test has any other error. */
function findEnding(test: TestCase): string | null {
  const found = lastErrors(test).map((error) => ENDING.exec(readMessage(error)));
  const [first] = found;
  if (first === undefined || found.includes(null)) return null;
  return shortText(first?.[2] ?? '', MAX_CHARACTERS);
}

function isExplained(result: TestResult | undefined, explained: string[]): boolean {
  if (result?.status !== 'failed' || result.errors.length === 0) return false;
  return result.errors.every((error) => explained.includes(findMissedObjective(error) ?? ''));
}

/** Without colours. */
function readMessage({ message, value = '' }: TestError): string {
  return stripVTControlCharacters(message ?? value);
}

function describeFirst([error]: TestError[]): string {
  const text = error === undefined ? '' : readMessage(error);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const shown = shortText(lines.slice(0, 2).join('; '), MAX_CHARACTERS);
  return shown === '' ? '' : `: ${shown}`;
}

/** Tests that did not come to their end, through no fault of the system under test. */
type Unreached = {
  /** Why the run is incomplete; null if every test came to its end. */
  reason: string | null;
  /** Objectives of these tests: if they have no data, they were not measured rather than missed. */
  objectives: NotMeasured[];
};

const WORKER_LOST = /worker process exited unexpectedly/;

/** @param maxFailures of the configuration; 0 means no limit */
export function findUnreached(tests: TestCase[], maxFailures: number): Unreached {
  const found = tests.flatMap((test) => {
    const why = whyUnreached(test);
    return why === null ? [] : [{ test, why }];
  });
  if (found.length === 0) return { reason: null, objectives: [] };
  const isStopped = maxFailures > 0 && found.some(({ why }) => why === ENDED_EARLY);
  const stop = isStopped ? `the run stopped early (--max-failures=${maxFailures}): ` : '';
  return {
    reason: `${stop}${found.length} of ${counted(tests.length, 'test')} did not come to an end`,
    objectives: found.flatMap(({ test, why }) =>
      declaredObjectives(test).map((id) => ({ id, reason: `not reached: ${why}` })),
    ),
  };
}

const ENDED_EARLY = 'the run ended early';

function whyUnreached(test: TestCase): string | null {
  const last = test.results.at(-1);
  if (last === undefined || last.status === 'interrupted') return ENDED_EARLY;
  if (last.errors.some((error) => WORKER_LOST.test(readMessage(error)))) {
    return 'the process of its test ended';
  }
  if (last.status !== 'skipped') return test.outcome() === 'unexpected' ? findEnding(test) : null;
  // A test that skips itself has an annotation; one that Playwright skips after a failure has none.
  const isOnPurpose = [...test.annotations, ...last.annotations].some(
    ({ type }) => type === 'skip' || type === 'fixme',
  );
  return isOnPurpose ? null : 'its test was left out after another failure';
}
