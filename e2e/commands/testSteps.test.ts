import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { testSteps } from './testSteps.ts';
import { ROOT } from './tools.ts';

const ALL_FILES = globSync('{e2e,mocks}/**/*.test.ts', { cwd: ROOT }).toSorted();

/** The test files of a step, its patterns resolved. */
const filesOf = (name: string) =>
  testSteps('counts.json', { all: true })
    .filter((step) => step.name === name)
    .flatMap(({ command }) => command.filter((argument) => argument.endsWith('.test.ts')))
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT }));

test('npm run test:all runs each unit test once, and npm test those that are named neither slow nor browser', () => {
  const [fast, slow, browser] = ['unit', 'unit (slow)', 'unit (browser)'].map(filesOf) as [
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

test('npm run test:all holds all that npm test does; the whole perf stands for a short one', () => {
  const namesOf = (all: boolean) => testSteps('counts.json', { all }).map(({ name }) => name);
  const all = new Set(namesOf(true));
  assert.deepEqual(
    namesOf(false).filter((name) => !all.has(name)),
    ['perf (short)'],
  );
  assert.ok(all.has('perf'));
});

test('a unit test that opens a browser fails in npm test, whatever browsers there are', () => {
  const [unit] = testSteps('counts.json', { all: false }).filter(({ name }) => name === 'unit');
  assert.equal(unit?.needsBrowser, false);
  assert.match(unit?.env?.PERF_BROWSER ?? '', /browser\.test\.ts$/);
});
