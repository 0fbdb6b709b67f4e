import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { endings, otherFailures } from './testOutcomes.ts';

const MISSED =
  "\u001b[2mError: expect(measured).toMeetBudget('a.latency.p95') failed\u001b[22m\n\nObjective: …";

/** As much of a test as the reporter looks at. */
function testCase(status: TestResult['status'], ...messages: string[]): TestCase {
  const results = [{ status, errors: messages.map((message) => ({ message })) }];
  const outcome = () => (status === 'passed' ? 'expected' : 'unexpected');
  return { results, outcome, titlePath: () => ['', 'perf', 'a.spec.ts', 'A', 'is quick'] } as never;
}

test('a missed objective explains the failure of its own matcher and no other error of the test', () => {
  assert.deepEqual(otherFailures([testCase('failed', MISSED)], [], ['a.latency.p95']), []);
  assert.deepEqual(
    otherFailures([testCase('failed', MISSED, 'Error: gone')], [], ['a.latency.p95']),
    [
      'the test "a.spec.ts › A › is quick" failed: Error: expect(measured).toMeetBudget(\'a.latency.p95\') failed; Objective: …',
    ],
  );
});

test('a failed matcher is reported if the run passes', () => {
  assert.equal(otherFailures([testCase('failed', MISSED)], [], []).length, 1);
});

test('time-outs, failures without a message and errors outside of tests are reported', () => {
  assert.equal(otherFailures([testCase('timedOut', MISSED)], [], ['a.latency.p95']).length, 1);
  assert.deepEqual(otherFailures([testCase('failed')], [], []), [
    'the test "a.spec.ts › A › is quick" failed',
  ]);
  assert.deepEqual(otherFailures([], [{ message: 'Error: tear-down\n\n    at x' }], []), [
    'outside of the tests: Error: tear-down;     at x'.replace(/ +/g, ' '),
  ]);
  assert.deepEqual(otherFailures([testCase('passed')], [], []), []);
});

test('the cause that ended the measuring is reported once, and not as a failure', () => {
  const expired = testCase(
    'failed',
    'HarnessError: TOKEN_INVALID: The token ran out.\n  remedy  …',
  );
  assert.deepEqual(otherFailures([expired, expired], [], []), []);
  assert.deepEqual(endings([expired, expired]), ['The token ran out.']);
  const both = testCase('failed', 'HarnessError: TOKEN_INVALID: The token ran out.', 'Error: gone');
  assert.deepEqual(endings([both]), []);
  assert.equal(otherFailures([both], [], []).length, 1);
});
