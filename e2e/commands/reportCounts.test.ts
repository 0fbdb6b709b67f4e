import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import reportCounts from './reportCounts.ts';

test('of all events, the summary of the whole run alone is written', async () => {
  const counts = { passed: 2, failed: 0, cancelled: 0, skipped: 0, todo: 0 };
  async function* events() {
    yield { type: 'test:pass', data: { name: 'one' } };
    yield { type: 'test:summary', data: { file: '/a.test.ts', counts: { ...counts, passed: 1 } } };
    yield { type: 'test:summary', data: { file: undefined, counts } };
  }
  const written: string[] = [];
  for await (const text of reportCounts(events())) written.push(text);
  assert.deepEqual(written, [JSON.stringify({ ...counts, failures: [] })]);
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
      data: { name: 'in', file: resolve('a.test.ts'), details: { error: inner } },
    };
    yield {
      type: 'test:fail',
      data: { name: 'out', file: resolve('a.test.ts'), details: { error: outer } },
    };
    yield { type: 'test:summary', data: { file: undefined, counts } };
  }
  const written: string[] = [];
  for await (const text of reportCounts(events())) written.push(text);
  const failures = [{ title: 'a.test.ts › in', message: '1 is not 2' }];
  assert.deepEqual(written, [JSON.stringify({ ...counts, failures })]);
});
