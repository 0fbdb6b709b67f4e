import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { TestCase, TestError } from '@playwright/test/reporter';

/** The head of a message of `toMeetBudget`, with the id of the objective. */
const MATCHER = /expect\(measured\)\.toMeetBudget\('([^']*)'\) failed/;
/** Frames of the stack that say where; those below are the runner's. */
const MOST_FRAMES = 8;

/** The objective whose matcher failed with this error; null for any other error. */
export function objectiveOfError({ message = '' }: TestError): string | null {
  return MATCHER.exec(stripVTControlCharacters(message))?.[1] ?? null;
}

/** What the matcher says of each objective whose test failed, without its head. */
export function matcherMessages(tests: readonly TestCase[]): Map<string, string> {
  const errors = tests.flatMap((test) => test.results.at(-1)?.errors ?? []);
  return new Map(
    errors.flatMap((error) => {
      const id = objectiveOfError(error);
      return id === null ? [] : [[id, bodyOf(error)] as const];
    }),
  );
}

function bodyOf({ message = '' }: TestError): string {
  const text = safeLines(message);
  return text.slice(text.indexOf('\n') + 1).trim();
}

/** A test that failed, and the errors to show of it. */
export type TestFailure = { test: TestCase; errors: TestError[] };

/**
 * Failed tests as a reader of Playwright knows them: where the test stands, its title, the error, the code around it and the stack. Tests
 * that failed of the very same error, such as a token that ran out, are named below the first.
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
    .slice(0, MOST_FRAMES)
    .map((line) => line.trim().replaceAll(`${cwd}${path.sep}`, ''));
  return [
    safeLines(text).trimEnd(),
    ...(snippet === undefined ? [] : ['', safeLines(snippet)]),
    ...frames.map((frame) => `    ${safeLines(frame)}`),
    ...(cause === undefined ? [] : ['', `cause: ${describeError(cause, cwd)}`]),
  ].join('\n');
}

function describeOthers(others: readonly TestFailure[], cwd: string): string {
  const MOST = 5;
  const names = others.slice(0, MOST).map(({ test }) => `  ${nameOf(test, cwd)}`);
  const rest = others.length > MOST ? [`  and ${others.length - MOST} more`] : [];
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

/** Text of several lines that may hold anything: nothing in it colours, moves a cursor or commands a CI. */
export function safeLines(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[^\P{C}\n]/gu, ' ')
    .replaceAll('##[', '## [')
    .split('\n')
    .map((line) => (line.trimStart().startsWith('::') ? line.replace('::', ': :') : line))
    .join('\n');
}
