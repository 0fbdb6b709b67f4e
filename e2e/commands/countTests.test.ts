import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countTests } from './countTests.ts';

const NODE_TEST = {
  tests: 9,
  passed: 4,
  failed: 1,
  cancelled: 2,
  skipped: 1,
  todo: 1,
  failures: [],
  slowFiles: [],
};
const PLAYWRIGHT = {
  stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 1, duration: 1.5 },
  suites: [],
};

test('a program without counts is one test', () => {
  assert.deepEqual(countTests('status', 0, null), {
    passed: 1,
    failed: 0,
    skipped: 0,
    problem: null,
    failures: [],
    slowFiles: [],
  });
  assert.equal(countTests('status', 3, null).failed, 1);
});

test('cancelled tests failed, tests left to do were skipped', () => {
  assert.deepEqual(countTests('node:test', 1, JSON.stringify(NODE_TEST)), {
    passed: 4,
    failed: 3,
    skipped: 2,
    problem: null,
    failures: [],
    slowFiles: [],
  });
});

test('a flaky test failed', () => {
  const flaky = { ...PLAYWRIGHT, stats: { ...PLAYWRIGHT.stats, flaky: 2 } };
  assert.equal(countTests('playwright', 0, JSON.stringify(flaky)).failed, 2);
});

test('a bad status without a failed test is a failure, as when the verdict of the run is fail', () => {
  assert.equal(countTests('playwright', 0, JSON.stringify(PLAYWRIGHT)).failed, 0);
  const { failed, problem } = countTests('playwright', 1, JSON.stringify(PLAYWRIGHT));
  assert.equal(failed, 1);
  assert.match(problem ?? '', /status 1, although no test failed/);
});

test('no test at all is a failure, whatever the status', () => {
  const nothing = { ...PLAYWRIGHT, stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 5 } };
  assert.equal(countTests('playwright', 0, JSON.stringify(nothing)).failed, 1);
});

test('counts that are absent, cut off or of another shape are a failure, not zero', () => {
  for (const text of [null, '', '{"stats":', '{}', '{"stats":{"expected":1}}']) {
    const { failed, problem } = countTests('playwright', 0, text);
    assert.equal(failed, 1, `for ${text}`);
    assert.match(problem ?? '', /left no counts/);
  }
});

test('the tests that failed are named with what they said, without colours', () => {
  const spec = (title: string, ok: boolean, message: string) => ({
    title,
    file: 'a.spec.ts',
    ok,
    tests: [{ results: [{ errors: ok ? [] : [{ message }] }] }],
  });
  const inner = { specs: [spec('red', false, '\u001B[31mexpected 1\u001B[39m\nreceived 2')] };
  const report = {
    stats: { ...PLAYWRIGHT.stats, unexpected: 1 },
    suites: [{ specs: [spec('green', true, '')], suites: [inner] }],
  };
  assert.deepEqual(countTests('playwright', 1, JSON.stringify(report)).failures, [
    { title: 'a.spec.ts › red', message: 'expected 1\nreceived 2' },
  ]);
});
