import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedWith, loadLineOf, NEVER_SENT } from '../testing/loadOf.ts';
import { type LoadLine, loadLine } from './loadLine.ts';

const LINE = loadLineOf([{}, failedWith('status 500'), NEVER_SENT, { modelMs: null }]);

const objections = (line: object) => {
  const { error } = loadLine.safeParse(line);
  return error?.issues.map(({ path, message }) => [path.join('.'), message].join(' ').trim()) ?? [];
};

test('a line is read as it was written', () => {
  assert.deepEqual(loadLine.parse(JSON.parse(JSON.stringify(LINE))), LINE);
  assert.deepEqual(objections(loadLineOf([])), []);
});

/** Every list of a line but those of names. */
const COLUMNS = (Object.keys(LINE) as (keyof LoadLine)[]).filter(
  (key) => Array.isArray(LINE[key]) && !['operations', 'tenants', 'failures'].includes(key),
);

test('a line is invalid if any column lacks an entry', () => {
  for (const column of COLUMNS) {
    const entries = LINE[column] as unknown[];
    for (const shorter of [entries.slice(1), entries.slice(0, -1), []]) {
      assert.deepEqual(objections({ ...LINE, [column]: shorter }), ['columns of one length']);
    }
    const { [column]: _, ...without } = LINE;
    assert.equal(objections(without).length, 1, column);
  }
  assert.equal(COLUMNS.length, 10);
});

test('a line is invalid if a place has no name', () => {
  for (const names of ['operations', 'tenants', 'failures'] as const) {
    assert.deepEqual(objections({ ...LINE, [names]: [] }), ['places that exist'], names);
  }
  assert.deepEqual(objections({ ...LINE, tenant: [0, 0, 0, 1] }), ['places that exist']);
});

test('a line with an invalid time, place or workload model is refused', () => {
  for (const parts of [
    { serviceMs: [80, 80, null, -1] },
    { lateMs: [0, 0, null, Number.NaN] },
    { dueMs: [0, 10, 20, null] },
    { operation: [0, 0, 0, 0.5] },
    { step: { model: 'spike', ratePerSecond: 10 } },
    { step: { model: 'step', ratePerSecond: 0 } },
    { more: 1 },
  ]) {
    assert.equal(objections({ ...LINE, ...parts }).length, 1, JSON.stringify(parts));
  }
});
