import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import reportCounts, { countTests } from './testCounts.ts';
import { testSteps } from './testSteps.ts';
import { ROOT } from './tools.ts';

const ALL_FILES = globSync('{e2e,mocks}/**/*.test.ts', { cwd: ROOT }).toSorted();

/** The test files of a step, its patterns resolved. */
const findFiles = (name: string) =>
  testSteps({ all: true })
    .filter((step) => step.name === name)
    .flatMap(({ command }) => command.filter((argument) => argument.endsWith('.test.ts')))
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT }));

test('npm run test:all runs each unit test once, and npm test those not named slow or browser', () => {
  const [fast, slow, browser] = ['unit', 'unit (slow)', 'unit (browser)'].map(findFiles) as [
    string[],
    string[],
    string[],
  ];
  assert.deepEqual([...fast, ...slow, ...browser].toSorted(), ALL_FILES);
  assert.ok(slow.length > 0 && browser.length > 0);
  assert.deepEqual(
    fast.filter((file) => /\.(slow|browser)\.test\.ts$/.test(file)),
    [],
  );
});

test('npm run test:all has every step of npm test, with the whole perf in place of the short one', () => {
  const stepNames = (all: boolean) => testSteps({ all }).map(({ name }) => name);
  const all = new Set(stepNames(true));
  assert.deepEqual(
    stepNames(false).filter((name) => !all.has(name)),
    ['perf (short)'],
  );
  assert.ok(all.has('perf'));
});

test('a unit test that opens a browser fails in npm test, even if a browser is installed', () => {
  const [unit] = testSteps({ all: false }).filter(({ name }) => name === 'unit');
  assert.equal(unit?.needsBrowser, false);
  assert.match(unit?.env?.PERF_BROWSER ?? '', /browser\.test\.ts$/);
});

const PLAYWRIGHT = {
  stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 1, duration: 1.5 },
  suites: [],
};

test('a program without counts is a single test', () => {
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

test('a flaky test counts as failed', () => {
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
  for (const format of ['playwright', 'node:test'] as const) {
    for (const text of [null, '', 'null', '{"stats":', '{}', '{"stats":{"expected":1}}']) {
      const { failed, problem } = countTests(format, 0, text);
      assert.equal(failed, 1, `for ${text}`);
      assert.match(problem ?? '', /left no counts/);
    }
  }
});

test('failed specs are named with their messages, without colours', () => {
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

type RunnerEvent = { type: string; data: unknown };

const COUNTS = { passed: 2, failed: 0, cancelled: 0, skipped: 0, todo: 0 };

/** The outcome of a step whose reporter got these events. */
async function countEvents(events: RunnerEvent[], counts = COUNTS) {
  async function* run() {
    yield* events;
    yield { type: 'test:summary', data: { file: undefined, counts } };
  }
  const written = await Array.fromAsync(reportCounts(run()));
  assert.equal(written.length, 1);
  return countTests('node:test', 0, written[0] ?? null);
}

const ended = (file: string, durationMs: number, { nesting = 0 } = {}) => ({
  type: 'test:pass',
  data: { name: 'one', file: resolve(file), nesting, details: { duration_ms: durationMs } },
});

test('the reporter writes only the summary of the whole run', async () => {
  const ofFile = { file: '/a.test.ts', counts: { ...COUNTS, passed: 1 } };
  const outcome = await countEvents([
    ended('a.test.ts', 1),
    { type: 'test:summary', data: ofFile },
  ]);
  assert.deepEqual(outcome, {
    ...{ passed: 2, failed: 0, skipped: 0 },
    ...{ failures: [], slowFiles: [], problem: null },
  });
});

test('cancelled tests count as failed, and tests marked as to-do as skipped', async () => {
  const counts = { passed: 4, failed: 1, cancelled: 2, skipped: 1, todo: 1 };
  const { passed, failed, skipped } = await countEvents([], counts);
  assert.deepEqual({ passed, failed, skipped }, { passed: 4, failed: 3, skipped: 2 });
});

test('a failed test is named with its message, and the one around it is not', async () => {
  const failure = (name: string, nesting: number, failureType: string, message: string) => ({
    type: 'test:fail',
    data: {
      ...{ name, nesting, file: resolve('a.test.ts') },
      details: {
        error: Object.assign(new Error('test failed', { cause: new Error(message) }), {
          failureType,
        }),
        duration_ms: 1,
      },
    },
  });
  const { failures } = await countEvents([
    failure('in', 1, 'testCodeFailure', '1 is not 2'),
    failure('out', 0, 'subtestsFailed', '1 subtest failed'),
  ]);
  assert.deepEqual(failures, [{ title: 'a.test.ts › in', message: '1 is not 2' }]);
});

test('a file whose tests take more than 5 s together is named, unless its name says so', async () => {
  const { slowFiles } = await countEvents([
    ended('a.test.ts', 3000),
    ended('fast.test.ts', 4000, { nesting: 1 }),
    ended('fast.test.ts', 4500),
    ended('a.slow.test.ts', 9000),
    ended('a.browser.test.ts', 9000),
    ended('a.test.ts', 2500),
  ]);
  assert.deepEqual(slowFiles, [{ file: 'a.test.ts', seconds: 5.5 }]);
});
