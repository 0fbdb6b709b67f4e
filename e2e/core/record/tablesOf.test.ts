import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLineOf } from '../testing/loadOf.ts';
import { compactLine } from './compactLine.ts';
import { tablesOf } from './tablesOf.ts';

const lineOf = (...index: number[]) =>
  compactLine(
    loadLineOf(
      index.map(() => ({})),
      { index },
    ),
  );

test('lines of a load make one table, and one that stands twice counts once', () => {
  const [table, ...others] = tablesOf([lineOf(0, 1), lineOf(2, 3), lineOf(0, 1)], 'record');
  assert.equal(table?.n, 4);
  assert.deepEqual(others, []);
});

test('a line that is lost, at the start or in the middle, is an error', () => {
  for (const lines of [[lineOf(2, 3)], [lineOf(0, 1), lineOf(4, 5)], [lineOf(0, 2)]]) {
    assert.throws(() => tablesOf(lines, 'measurements.ndjson'), {
      code: 'RECORD_INVALID',
      message: /lacks requests of the load "sustained"/,
    });
  }
});
