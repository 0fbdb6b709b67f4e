import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedWith, type LoadRequestAt, loadLineOf, NEVER_SENT } from '../testing/loadOf.ts';
import { LoadCollector } from './loadBlock.ts';
import { LoadTable } from './loadTable.ts';
import { mergeLoads } from './mergeLoads.ts';

const WORKLOAD = 'sustained';
/** Of several blocks each, so that merging fills blocks anew that it has read. */
const REQUESTS = 45_000;
const OF = 3;

/** All kinds of requests, and one time that no block of whole µs can hold. */
function requestAt(index: number): LoadRequestAt {
  if (index === 20_000) return { serviceMs: 1 / 3 };
  if (index % 97 === 5) return NEVER_SENT;
  const parts = { serviceMs: 80 + (index % 1_009) / 1000, tenant: `tenant ${index % 7}` };
  if (index % 89 === 3) return failedWith(`status ${500 + (index % 4)}`, parts);
  return { ...parts, lateMs: (index % 13) / 1000, modelMs: index % 5 === 0 ? null : index % 11 };
}

const ALL = Array.from({ length: REQUESTS }, (_, index) => index);

function tableOfPlaces(places: readonly number[], stride: number): LoadTable {
  const collector = new LoadCollector();
  for (let from = 0; from < places.length; from += 250) {
    const index = places.slice(from, from + 250);
    const requests = index.map((place) => ({ ...requestAt(place), dueMs: place / 2 }));
    const line = loadLineOf(requests, { index });
    // The record has times in µs; another writer of it may have others.
    line.serviceMs = requests.map(({ serviceMs = null }) => serviceMs);
    collector.add(line, stride);
  }
  return new LoadTable(WORKLOAD, collector.blocks);
}

function rowsOf(table: LoadTable) {
  return Array.from(table.judged(), ({ index, dueAtMs, lateMs, serviceMs, modelMs, kind }) => ({
    ...{ index, dueAtMs, lateMs, serviceMs, modelMs },
    ...kind,
  }));
}

for (const [name, offered] of [
  ['all shards', [0, 1, 2]],
  ['shards of which one is missing', [0, 2]],
] as const) {
  test(`${name} of many blocks merge into the requests of one machine`, () => {
    const isOffered = (place: number) => (offered as readonly number[]).includes(place % OF);
    const shards = offered.map((shard) =>
      tableOfPlaces(
        ALL.filter((place) => place % OF === shard),
        OF,
      ),
    );
    const merged = mergeLoads(WORKLOAD, shards, ({ found }) => assert.fail(found));
    const whole = rowsOf(tableOfPlaces(ALL, 1)).filter(({ index }) => isOffered(index));
    const rows = rowsOf(merged);
    assert.equal(rows.length, whole.length);
    // One after the other: to describe the difference of two long lists takes minutes.
    for (const [at, row] of rows.entries()) assert.deepEqual(row, whole[at]);
  });
}
