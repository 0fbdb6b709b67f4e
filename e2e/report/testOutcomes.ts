import { stripVTControlCharacters } from 'node:util';
import type { TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { plainText } from '../core/plainText.ts';
import { shortText } from '../core/shortText.ts';
import type { NotMeasured } from '../core/verdict/judgeRun.ts';
import { objectiveOfError } from './testFailures.ts';

const ANNOTATION = 'objective';

/** Ids of the objectives that a test declares to judge, by annotations of this type. */
export function declaredObjectives({ annotations }: Pick<TestCase, 'annotations'>): string[] {
  return annotations.flatMap(({ type, description }) =>
    type === ANNOTATION && description !== undefined ? [description] : [],
  );
}

/** Errors of ours that end the measuring and are not the doing of the system under test. */
const ENDING = /\b(TOKEN_INVALID|AI_MOCK_FAILED): ([^\n]*)/;
/** In these words Playwright says why it ends a run early, which breaks nothing: what was not reached is listed. */
const CUT = /^(Error: )?(Testing stopped early after|Timed out waiting \S+ for the [a-z ]+ to run)/;
const MOST_CHARACTERS = 200;

/**
 * Failures that no objective accounts for, each in a sentence: tests that broke, timed out, or failed by anything but a missed objective,
 * and errors outside of any test. A run with one of them measured something else than it should have.
 * @param told ids of the objectives of which the verdict tells why their tests fail
 */
export function otherFailures(tests: TestCase[], errors: TestError[], told: string[]): string[] {
  const broken = tests
    .filter((test) => test.outcome() === 'unexpected')
    .filter((test) => !isAccountedFor(test.results.at(-1), told) && endingOf(test) === null)
    .map(
      (test) => `the test "${nameOf(test)}" failed${detailOf(test.results.at(-1)?.errors ?? [])}`,
    );
  const outside = errors
    .filter(({ message = '' }) => !CUT.test(stripVTControlCharacters(message)))
    .map((error) => `outside of the tests${detailOf([error])}`);
  return [...broken, ...outside];
}

/** What ended the measuring of tests, each once: the token ran out, the AI mock was lost. */
export function endings(tests: TestCase[]): string[] {
  const found = tests.filter((test) => test.outcome() === 'unexpected').map(endingOf);
  return [...new Set(found.filter((ending) => ending !== null))];
}

/** What ended the measuring of a test, if nothing else did. */
export function endingOf(test: TestCase): string | null {
  const errors = test.results.at(-1)?.errors ?? [];
  const found = errors.map(({ message = '' }) => ENDING.exec(stripVTControlCharacters(message)));
  const [first] = found;
  if (first === undefined || found.includes(null)) return null;
  return shortText(first?.[2] ?? '', MOST_CHARACTERS);
}

function isAccountedFor(result: TestResult | undefined, told: string[]): boolean {
  if (result === undefined || result.status !== 'failed' || result.errors.length === 0)
    return false;
  return result.errors.every((error) => {
    const id = objectiveOfError(error);
    return id !== null && told.includes(id);
  });
}

function nameOf(test: TestCase): string {
  const [, , ...names] = test.titlePath();
  return plainText(names.join(' › '));
}

function detailOf([error]: TestError[]): string {
  const text = error?.message ?? error?.value;
  if (text === undefined) return '';
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return `: ${shortText(lines.slice(0, 2).join('; '), MOST_CHARACTERS)}`;
}

/** What came of the tests that did not come to their end, through no doing of the system under test. */
export type Unreached = {
  /** Why the run is not a whole one; null where every test came to its end. */
  reason: string | null;
  /** Objectives of these tests: without data they were not measured, rather than missed. */
  objectives: NotMeasured[];
};

const WORKER_LOST = /worker process exited unexpectedly/;

/** @param maxFailures of the configuration, 0 where a run goes on whatever fails */
export function findUnreached(tests: TestCase[], maxFailures: number): Unreached {
  const found = tests.flatMap((test) => {
    const why = whyUnreached(test);
    return why === null ? [] : [{ test, why }];
  });
  if (found.length === 0) return { reason: null, objectives: [] };
  const isStopped = maxFailures > 0 && found.some(({ why }) => why === ENDED_EARLY);
  const stop = isStopped ? `the run stopped early (--max-failures=${maxFailures}): ` : '';
  return {
    reason: `${stop}${found.length} of ${tests.length} ${tests.length === 1 ? 'test' : 'tests'} did not come to an end`,
    objectives: found.flatMap(({ test, why }) =>
      declaredObjectives(test).map((id) => ({ id, reason: `not reached: ${why}` })),
    ),
  };
}

const ENDED_EARLY = 'the run ended early';

function whyUnreached(test: TestCase): string | null {
  const last = test.results.at(-1);
  if (last === undefined || last.status === 'interrupted') return ENDED_EARLY;
  if (last.errors.some(({ message = '' }) => WORKER_LOST.test(stripVTControlCharacters(message)))) {
    return 'the process of its test ended';
  }
  if (last.status !== 'skipped') return test.outcome() === 'unexpected' ? endingOf(test) : null;
  // A test that skips itself says so; one that Playwright leaves out after a failure does not.
  const isOnPurpose = [...test.annotations, ...last.annotations].some(
    ({ type }) => type === 'skip' || type === 'fixme',
  );
  return isOnPurpose ? null : 'its test was left out after another failure';
}
