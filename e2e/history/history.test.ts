import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { addToHistory, readHistory } from './history.ts';
import type { HistoryEntry } from './historyEntry.ts';

const run = (id: string): HistoryEntry => ({
  schemaVersion: 1,
  id,
  startedAt: '2026-01-02T03:04:05.000Z',
  commit: 'abc',
  target: 'local',
  verdict: 'pass',
  objectives: [
    {
      id: 'classify.latency.p95',
      unit: 'ms',
      objective: 2000,
      estimate: 498.7,
      interval: [471.2, null],
      n: 72,
      verdict: 'pass',
    },
  ],
});

const newFile = (): string =>
  path.join(mkdtempSync(path.join(tmpdir(), 'history-')), 'runs', 'history.ndjson');

test('runs come back in the order in which they were added, each once', () => {
  const file = newFile();
  assert.deepEqual(readHistory(file), []);
  for (const id of ['one', 'two', 'one']) addToHistory(file, run(id));
  assert.deepEqual(readHistory(file), [run('one'), run('two')]);
});

test('a broken line is named, and the file is left as it was', () => {
  const file = newFile();
  addToHistory(file, run('one'));
  appendFileSync(file, '{"id": "two"}\n');
  const before = readFileSync(file, 'utf8');
  assert.throws(
    () => addToHistory(file, run('three')),
    /HISTORY_INVALID[\s\S]*line 2 → schemaVersion/,
  );
  assert.equal(readFileSync(file, 'utf8'), before);
});
