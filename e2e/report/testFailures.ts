import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { TestCase, TestError } from '@playwright/test/reporter';

/** The first line of a message of `toMeetBudget`. */
const MATCHER = /expect\(measured\)\.toMeetBudget\('([^']*)'\) failed/;
/** Frames below these are the runner's. */
const MAX_FRAMES = 8;

/** The objective whose matcher raised this error; null for other errors. */
export function objectiveOfError({ message = '' }: TestError): string | null {
  return MATCHER.exec(stripVTControlCharacters(message))?.[1] ?? null;
}

/** The matcher's message for each objective whose test failed, without its first line. */
export function matcherMessages(tests: readonly TestCase[]): Map<string, string> {
  const errors = tests.flatMap((test) => test.results.at(-1)?.errors ?? []);
  return new Map(
    errors.flatMap((error) => {
      const id = objectiveOfError(error);
      if (id === null) return [];
      const [, ...body] = safeLines(error.message ?? '').split('\n');
      return [[id, body.join('\n').trim()] as const];
    }),
  );
}

/** A failed test and the errors to show. */
type TestFailure = { test: TestCase; errors: TestError[] };

/**
 * Failed tests in Playwright's form: place, title, error, code and stack. Tests with the same error, such as an expired token, are listed
 * below the first.
 */
export function describeFailures(failures: readonly TestFailure[], cwd: string): string {
  const alike = Map.groupBy(failures, ({ errors }) =>
    errors.map(({ message, value }) => message ?? value).join('\n'),
  );
  return [...alike.values()]
    .map(([first, ...others], at) => {
      const { test, errors } = first as TestFailure;
      const shown = errors.map((error) => describeError(error, cwd));
      const result = test.results.at(-1);
      const files = (result?.attachments ?? []).flatMap((attachment) =>
        attachment.path === undefined || attachment.name.startsWith('_')
          ? []
          : [`${attachment.name}: ${path.relative(cwd, attachment.path)}`],
      );
      const parts = [
        ...(shown.length === 0 ? [`The test ended as "${result?.status ?? 'not run'}".`] : shown),
        ...(files.length === 0 ? [] : [files.join('\n')]),
        ...(others.length === 0 ? [] : [describeOthers(others, cwd)]),
      ];
      const head = `\n  ${at + 1}) ${nameOf(test, cwd)}\n`;
      return head + parts.map((part) => `\n${part.replaceAll(/^(?=.)/gm, '    ')}\n`).join('');
    })
    .join('');
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
  const MAX_NAMES = 5;
  const names = others.slice(0, MAX_NAMES).map(({ test }) => `  ${nameOf(test, cwd)}`);
  const rest = others.length > MAX_NAMES ? [`  and ${others.length - MAX_NAMES} more`] : [];
  return ['The same error in:', ...names, ...rest].join('\n');
}

function nameOf(test: TestCase, cwd: string): string {
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
