import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { TestCase, TestError } from '@playwright/test/reporter';

/** First line of the message of `toMeetBudget`. */
const MATCHER = /expect\(measured\)\.toMeetBudget\('([^']*)'\) failed/;
/** Deeper stack frames belong to the test runner. */
const MAX_FRAMES = 8;
/** Tests with the same error that are listed by name. */
const MAX_NAMES = 5;

/** The errors of a test's last try. */
export function lastErrors({ results }: Pick<TestCase, 'results'>): TestError[] {
  return results.at(-1)?.errors ?? [];
}

/** The id of the objective whose matcher raised this error; null for other errors. */
export function findMissedObjective({ message = '' }: TestError): string | null {
  return MATCHER.exec(stripVTControlCharacters(message))?.[1] ?? null;
}

/** The matchers' messages by the id of the objective, without their first line. */
export function matcherMessages(tests: readonly TestCase[]): Map<string, string> {
  return new Map(
    tests.flatMap(lastErrors).flatMap((error) => {
      const id = findMissedObjective(error);
      if (id === null) return [];
      const [, ...body] = safeLines(error.message ?? '').split('\n');
      return [[id, body.join('\n').trim()] as const];
    }),
  );
}

/** A failed test and the errors to show. */
type TestFailure = { test: TestCase; errors: TestError[] };

/**
 * Failed tests as Playwright shows them: place, title, error, code and stack. Tests with the same error, such as an expired token, are
 * listed below the first.
 */
export function describeFailures(failures: readonly TestFailure[], cwd: string): string {
  const groups = Map.groupBy(failures, ({ errors }) =>
    errors.map(({ message, value }) => message ?? value).join('\n'),
  );
  return [...groups.values()]
    .map(([first, ...others], at) => {
      const { test, errors } = first as TestFailure;
      const status = test.results.at(-1)?.status ?? 'not run';
      const shown = errors.map((error) => describeError(error, cwd));
      const parts = [
        ...(shown.length === 0 ? [`The test ended as "${status}".`] : shown),
        describeAttachments(test, cwd),
        ...(others.length === 0 ? [] : [describeOthers(others, cwd)]),
      ].filter((part) => part !== '');
      const head = `\n  ${at + 1}) ${describePlace(test, cwd)}\n`;
      return head + parts.map((part) => `\n${part.replaceAll(/^(?=.)/gm, '    ')}\n`).join('');
    })
    .join('');
}

function describeAttachments(test: TestCase, cwd: string): string {
  const files = (test.results.at(-1)?.attachments ?? []).flatMap(({ name, path: file }) =>
    file === undefined || name.startsWith('_') ? [] : [`${name}: ${path.relative(cwd, file)}`],
  );
  return files.join('\n');
}

/** An error with the code around it and its stack. */
export function describeError(error: TestError, cwd: string): string {
  const { message, value, snippet, stack = '', cause } = error;
  const text = message ?? value ?? 'an error without a message';
  const frames = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !/node:internal|node_modules/.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim().replaceAll(`${cwd}${path.sep}`, ''));
  return [
    safeLines(text).trimEnd(),
    ...(snippet === undefined ? [] : ['', safeLines(snippet)]),
    ...frames.map((frame) => `    ${safeLines(frame)}`),
    ...(cause === undefined ? [] : ['', `cause: ${describeError(cause, cwd)}`]),
  ].join('\n');
}

function describeOthers(others: readonly TestFailure[], cwd: string): string {
  const names = others.slice(0, MAX_NAMES).map(({ test }) => `  ${describePlace(test, cwd)}`);
  const rest = others.length > MAX_NAMES ? [`  and ${others.length - MAX_NAMES} more`] : [];
  return ['The same error in:', ...names, ...rest].join('\n');
}

function describePlace(test: TestCase, cwd: string): string {
  const [, project = '', , ...titles] = test.titlePath();
  const { file, line } = test.location;
  const place = `${path.relative(cwd, file)}:${line}`;
  return safeLines(
    [`${project === '' ? '' : `[${project}] › `}${place}`, ...titles].join(' › '),
  ).replaceAll('\n', ' ');
}

/** Foreign text of several lines without colours, cursor movements or CI commands. */
export function safeLines(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[^\P{C}\n]/gu, ' ')
    .replaceAll('##[', '## [')
    .split('\n')
    .map((line) => (line.trimStart().startsWith('::') ? line.replace('::', ': :') : line))
    .join('\n');
}
