import assert from 'node:assert/strict';
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
  assert.deepEqual(written, [JSON.stringify(counts)]);
});
