import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { describeFailures, matcherMessages } from './testFailures.ts';
import { findEndings, findOtherFailures } from './testOutcomes.ts';

const MISSED =
  "\u001b[2mError: expect(measured).toMeetBudget('a.latency.p95') failed\u001b[22m\n\nObjective: …";

/** The parts of a test that the reporter reads. */
function testCase(status: TestResult['status'], ...messages: string[]): TestCase {
  const results = [{ status, errors: messages.map((message) => ({ message })) }];
  const outcome = () => (status === 'passed' ? 'expected' : 'unexpected');
  return { results, outcome, titlePath: () => ['', 'perf', 'a.spec.ts', 'A', 'is quick'] } as never;
}

test('a missed objective explains the failure of its own matcher, but no other error of the test', () => {
  assert.deepEqual(findOtherFailures([testCase('failed', MISSED)], [], ['a.latency.p95']), []);
  assert.deepEqual(
    findOtherFailures([testCase('failed', MISSED, 'Error: gone')], [], ['a.latency.p95']),
    [
      'the test "a.spec.ts › A › is quick" failed: Error: expect(measured).toMeetBudget(\'a.latency.p95\') failed; Objective: …',
    ],
  );
});

test('a failed matcher is reported if its objective is met in the end', () => {
  assert.equal(findOtherFailures([testCase('failed', MISSED)], [], []).length, 1);
});

test('time-outs, failures without a message and errors outside of tests are reported', () => {
  assert.equal(findOtherFailures([testCase('timedOut', MISSED)], [], ['a.latency.p95']).length, 1);
  assert.deepEqual(findOtherFailures([testCase('failed')], [], []), [
    'the test "a.spec.ts › A › is quick" failed',
  ]);
  assert.deepEqual(findOtherFailures([], [{ message: 'Error: tear-down\n\n    at x' }], []), [
    'outside of the tests: Error: tear-down;     at x'.replace(/ +/g, ' '),
  ]);
  assert.deepEqual(findOtherFailures([testCase('passed')], [], []), []);
});

test('the cause that ended the measuring is reported once, and not as a failure', () => {
  const expired = testCase(
    'failed',
    'HarnessError: TOKEN_INVALID: The token ran out.\n  remedy  …',
  );
  assert.deepEqual(findOtherFailures([expired, expired], [], []), []);
  assert.deepEqual(findEndings([expired, expired]), ['The token ran out.']);
  const both = testCase('failed', 'HarnessError: TOKEN_INVALID: The token ran out.', 'Error: gone');
  assert.deepEqual(findEndings([both]), []);
  assert.equal(findOtherFailures([both], [], []).length, 1);
});

/** The parts of a failed test that are shown. */
function createFailure(title: string, ...errors: TestError[]) {
  const results = [{ status: 'failed', errors, attachments: [] }];
  const location = { file: '/repo/e2e/a.spec.ts', line: 7, column: 1 };
  const titlePath = () => ['', 'perf', 'a.spec.ts', 'Page', title];
  return { test: { results, location, titlePath } as unknown as TestCase, errors };
}

test('a failed test is shown with its place, error, code and stack', () => {
  const stack = 'Error: gone\n    at open (/repo/e2e/open.ts:3:9)\n    at node:internal/x:1:1';
  const snippet = '\u001b[31m> 3 | throw gone;\u001b[39m';
  assert.equal(
    describeFailures([createFailure('opens', { message: 'Error: gone', stack, snippet })], '/repo'),
    `
  1) [perf] › e2e/a.spec.ts:7 › Page › opens

    Error: gone

    > 3 | throw gone;
        at open (e2e/open.ts:3:9)
`,
  );
  assert.equal(describeFailures([], '/repo'), '');
});

test('tests with the same error are listed below the first', () => {
  const expired = { message: 'TOKEN_INVALID: The token ran out.' };
  const all = Array.from({ length: 9 }, (_, at) => createFailure(`test ${at}`, expired));
  const text = describeFailures(
    [...all, createFailure('other', { message: 'Error: gone' })],
    '/repo',
  );
  assert.equal(text.split('TOKEN_INVALID').length, 2);
  assert.match(text, /The same error in:\n {6}\[perf\] › e2e\/a\.spec\.ts:7 › Page › test 1\n/);
  assert.match(text, /› test 5\n {6}and 3 more\n/);
  assert.match(text, /\n {2}2\) \[perf\] .* › other\n/);
});

test('text of an error cannot colour, move the cursor or command a CI', () => {
  const hostile = { message: 'Error: \u001b[2Jx\u202e\n  ::error::y\n##[error]z' };
  const text = describeFailures([createFailure('opens\n::error::t', hostile)], '/repo');
  for (const sign of ['\u001b', '\u202e']) assert.ok(!text.includes(sign));
  assert.ok(!/^\s*::/m.test(text), text);
  assert.ok(!text.includes('##['));
});

test('the message of a matcher is kept by objective, without first line and colours', () => {
  const message =
    "\u001b[2mError: expect(measured).toMeetBudget('a.latency.p95') failed\u001b[22m\n\nObjective: \u001b[32ma\u001b[39m\n";
  const { test: failed } = createFailure('is quick', { message }, { message: 'Error: gone' });
  assert.deepEqual([...matcherMessages([failed])], [['a.latency.p95', 'Objective: a']]);
});
