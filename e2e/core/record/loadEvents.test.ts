import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLineOf, tableOf } from '../testing/loadOf.ts';
import { STARTED_AT_MS } from '../testing/recordOf.ts';
import { LoadEvent, LoadEvents } from './loadEvents.ts';

const table = tableOf(
  loadLineOf([{ serviceMs: 1 }], { warmUp: true }),
  loadLineOf([{ serviceMs: 2 }, { serviceMs: 3, tenant: 'globex-002' }, { serviceMs: 4 }]),
);
// The second of those that are judged makes no event.
const events = new LoadEvents(
  table,
  (row) => (row.serviceMs === 3 ? null : new LoadEvent(row, row.serviceMs === 4, row.serviceMs)),
  2,
);
const EXPECTED = [
  ['5f3a9c1e-0', STARTED_AT_MS, false, 2, 'acme-corp-001'],
  ['5f3a9c1e-2', STARTED_AT_MS + 20, true, 4, 'acme-corp-001'],
];

test('events stay what they are, though they are read from a row that moves on', () => {
  const all = [...events];
  assert.deepEqual(
    all.map(({ id, atMs, bad, value, tenant }) => [id, atMs, bad, value, tenant]),
    EXPECTED,
  );
});

test('they can be gone through as a list can, and more than once', () => {
  for (const _ of [1, 2]) {
    assert.deepEqual(
      events.map(({ id, atMs, bad, value, tenant }) => [id, atMs, bad, value, tenant]),
      EXPECTED,
    );
    assert.deepEqual(
      events.flatMap(({ value }, at) => (at === 0 ? [value, at] : [])),
      [2, 0],
    );
    assert.deepEqual(
      events.flatMap(({ value }) => value),
      [2, 4],
    );
  }
});
