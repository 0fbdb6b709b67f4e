import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Turns } from '../interleave.ts';
import { cellOf, cellsOf, failureOf, valuesOf } from './cells.ts';

type Result = { ms: number | null };

const turns = (results: (Result | null)[], errors: string[] = []): Turns<Result> => ({
  name: 'a tool',
  results,
  errors,
});
const ms = (result: Result): number | null => result.ms;

test('what a tool does not tell is no zero', () => {
  assert.equal(cellOf(turns([{ ms: null }, { ms: null }]), ms, 1), 'not told');
  assert.equal(cellOf(turns([{ ms: 1 }, { ms: 2 }]), ms, 1), '1.5 (1.0 to 2.0)');
  assert.deepEqual(valuesOf(turns([{ ms: 1 }, null, { ms: null }]), ms), [1]);
});

test('one failure is told, however many turns went well, and once in a row', () => {
  const failed = turns([{ ms: 1 }, null], ['k6 ended with 1: no\nmore']);
  assert.equal(failureOf(failed), 'error in 1 of 2: k6 ended with 1: no');
  assert.deepEqual(cellsOf(failed, [ms, ms], 1), ['error in 1 of 2: k6 ended with 1: no', '–']);
  assert.deepEqual(cellsOf(turns([{ ms: 1 }]), [ms, ms], [0, 2]), ['1', '1.00']);
});
