import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemoryLine } from '../core/record/measurementLine.ts';
import { underFault } from '../core/testing/objectives.ts';
import { memoryOf, recordOf } from '../core/testing/recordOf.ts';
import { deriveEvents } from './deriveEvents.ts';

const GROWTH = underFault('growth', 100, { fault: null });

const readingOf = (index: number, parts: Partial<MemoryLine> = {}): MemoryLine =>
  memoryOf(index, { workload: 'down', values: { usedBytes: 5_000_000 + index }, ...parts });

const warmUps = (n: number) =>
  Array.from({ length: n }, (_, at) => readingOf(at, { warmUp: true }));

test('growth takes the readings after the warm-up, in their order', () => {
  const samples = [...warmUps(10), readingOf(10), readingOf(11), readingOf(12)];
  const { events, missing } = deriveEvents(GROWTH, recordOf([GROWTH], { samples }));
  assert.deepEqual(
    events.map(({ value }) => value),
    [5_000_010, 5_000_011, 5_000_012],
  );
  assert.equal(missing, 0);
});

test('after too short a warm-up growth is missing: code that is still compiled looks like a leak', () => {
  const samples = [...warmUps(9), readingOf(10), readingOf(11)];
  const { events, missing } = deriveEvents(GROWTH, recordOf([GROWTH], { samples }));
  assert.deepEqual([events.length, missing], [0, 2]);
});

test('a reading without the value is missing, and one that failed is counted apart', () => {
  const samples = [
    ...warmUps(10),
    readingOf(10, { values: {} }),
    readingOf(11, { failure: 'answer failed' }),
    readingOf(12),
  ];
  const { events, missing, failed } = deriveEvents(GROWTH, recordOf([GROWTH], { samples }));
  assert.deepEqual([events.length, missing, failed], [1, 1, 1]);
});

test('growth counts the iterations between readings, and is missing where their numbers differ', () => {
  const every = (iterations: number, n = 3) => [
    readingOf(0, { warmUp: true, iterations }),
    ...Array.from({ length: n }, (_, at) => readingOf(1 + at, { iterations })),
  ];
  const series = deriveEvents(GROWTH, recordOf([GROWTH], { samples: every(50) }));
  assert.deepEqual([series.events.length, series.iterationsBetween], [3, 50]);
  const uneven = [...every(50), readingOf(9, { iterations: 51 })];
  const { events, missing } = deriveEvents(GROWTH, recordOf([GROWTH], { samples: uneven }));
  assert.deepEqual([events.length, missing], [0, 4]);
});
