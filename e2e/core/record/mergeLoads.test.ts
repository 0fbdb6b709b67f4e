import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedWith, type LoadRequestAt, loadLineOf, NEVER_SENT } from '../testing/loadOf.ts';
import { STARTED_AT_MS } from '../testing/recordOf.ts';
import { LoadCollector } from './loadBlock.ts';
import { LoadTable } from './loadTable.ts';
import { mergeLoads } from './mergeLoads.ts';

const WORKLOAD = 'sustained';
/** Of several blocks each, so that merging fills blocks anew that it has read. */
const REQUESTS = 45_000;
const OF = 3;
/** How far the clock of each shard is behind that of the target. */
const CLOCK_OFFSETS_MS = [3, -900, 450];

/** All kinds of requests, and one time that no block of whole µs can hold. */
function requestAt(index: number): LoadRequestAt {
  if (index === 20_000) return { serviceMs: 1 / 3 };
  if (index % 97 === 5) return NEVER_SENT;
  const parts = { serviceMs: 80 + (index % 1_009) / 1000, tenant: `tenant ${index % 7}` };
  if (index % 89 === 3) return failedWith(`status ${500 + (index % 4)}`, parts);
  return { ...parts, lateMs: (index % 13) / 1000, modelMs: index % 5 === 0 ? null : index % 11 };
}

/** The target answers nothing for 2 s: what is due or under way meanwhile ends after it. */
const STALL = { fromMs: 9_000, untilMs: 11_000 };

function delayedByStall(request: LoadRequestAt, dueMs: number): LoadRequestAt {
  const { lateMs = 0.25, serviceMs = 80 } = request;
  if (lateMs === null || serviceMs === null) return request;
  const endMs = dueMs + lateMs + serviceMs;
  const isHeldUp = endMs > STALL.fromMs && dueMs < STALL.untilMs;
  return isHeldUp
    ? { ...request, serviceMs: Math.round(STALL.untilMs - dueMs) + serviceMs }
    : request;
}

const ALL = Array.from({ length: REQUESTS }, (_, index) => index);

function tableOfPlaces(places: readonly number[], stride: number, clockOffsetMs = 0): LoadTable {
  const collector = new LoadCollector();
  for (let from = 0; from < places.length; from += 250) {
    const index = places.slice(from, from + 250);
    const requests = index.map((place) => {
      const dueMs = place / 2;
      return { ...delayedByStall(requestAt(place), dueMs), dueMs };
    });
    const line = loadLineOf(requests, { index, fromMs: STARTED_AT_MS - clockOffsetMs });
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
  test(`${name} of many blocks, with clocks of their own, merge into the requests of one machine`, () => {
    const isOffered = (place: number) => (offered as readonly number[]).includes(place % OF);
    const shards = offered.map((shard) => {
      const clockOffsetMs = CLOCK_OFFSETS_MS[shard] as number;
      const places = ALL.filter((place) => place % OF === shard);
      return { table: tableOfPlaces(places, OF, clockOffsetMs), clockOffsetMs };
    });
    const merged = mergeLoads(WORKLOAD, shards, ({ found }) => assert.fail(found));
    const whole = rowsOf(tableOfPlaces(ALL, 1)).filter(({ index }) => isOffered(index));
    const longestMs = Math.max(...merged.silences.map(({ silentMs }) => silentMs));
    assert.ok(
      longestMs >= 2_000 && longestMs < 2_200,
      `a silence of 2 s that all see is ${longestMs} ms`,
    );
    const rows = rowsOf(merged);
    assert.equal(rows.length, whole.length);
    // One after the other: to describe the difference of two long lists takes minutes.
    for (const [at, row] of rows.entries()) assert.deepEqual(row, whole[at]);
  });
}
