import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import reportCounts from './reportCounts.ts';

const passOf = (file: string, durationMs: number, nesting = 0) => ({
  name: 'one',
  file: resolve(file),
  nesting,
  details: { duration_ms: durationMs },
});

test('of all events, the summary of the whole run alone is written', async () => {
  const counts = { passed: 2, failed: 0, cancelled: 0, skipped: 0, todo: 0 };
  async function* events() {
    yield { type: 'test:pass', data: passOf('a.test.ts', 1) };
    yield { type: 'test:summary', data: { file: '/a.test.ts', counts: { ...counts, passed: 1 } } };
    yield { type: 'test:summary', data: { file: undefined, counts } };
  }
  const written: string[] = [];
  for await (const text of reportCounts(events())) written.push(text);
  assert.deepEqual(written, [JSON.stringify({ ...counts, failures: [], slowFiles: [] })]);
});

test('a failed test is named with its message, and the one around it is not', async () => {
  const counts = { passed: 0, failed: 2, cancelled: 0, skipped: 0, todo: 0 };
  const wrapped = (failureType: string, cause: Error) =>
    Object.assign(new Error('test failed', { cause }), { failureType });
  const inner = wrapped('testCodeFailure', new Error('1 is not 2'));
  const outer = wrapped('subtestsFailed', new Error('1 subtest failed'));
  async function* events() {
    yield {
      type: 'test:fail',
      data: {
        name: 'in',
        file: resolve('a.test.ts'),
        nesting: 1,
        details: { error: inner, duration_ms: 1 },
      },
    };
    yield {
      type: 'test:fail',
      data: {
        name: 'out',
        file: resolve('a.test.ts'),
        nesting: 0,
        details: { error: outer, duration_ms: 1 },
      },
    };
    yield { type: 'test:summary', data: { file: undefined, counts } };
  }
  const written: string[] = [];
  for await (const text of reportCounts(events())) written.push(text);
  const failures = [{ title: 'a.test.ts › in', message: '1 is not 2' }];
  assert.deepEqual(written, [JSON.stringify({ ...counts, failures, slowFiles: [] })]);
});

test('a file whose tests take more than 5 s together is named, unless its name says so', async () => {
  const counts = { passed: 9, failed: 0, cancelled: 0, skipped: 0, todo: 0 };
  async function* events() {
    yield { type: 'test:pass', data: passOf('a.test.ts', 3000) };
    yield { type: 'test:pass', data: passOf('fast.test.ts', 4000, 1) };
    yield { type: 'test:pass', data: passOf('fast.test.ts', 4500) };
    yield { type: 'test:pass', data: passOf('a.slow.test.ts', 9000) };
    yield { type: 'test:pass', data: passOf('a.browser.test.ts', 9000) };
    yield { type: 'test:pass', data: passOf('a.test.ts', 2500) };
    yield { type: 'test:summary', data: { file: undefined, counts } };
  }
  const [text = ''] = await Array.fromAsync(reportCounts(events()));
  assert.deepEqual(JSON.parse(text).slowFiles, [{ file: 'a.test.ts', seconds: 5.5 }]);
});
