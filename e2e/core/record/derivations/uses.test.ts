import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underFault } from '../../testing/objectives.ts';
import { auditOf, iterationOf, memoryOf, recordOf, requestOf } from '../../testing/recordOf.ts';
import { deriveEvents } from '../deriveEvents.ts';
import type { MemoryLine } from '../measurementLine.ts';

const GROWTH = underFault('growth', 100, { fault: null });

const readingOf = (index: number, parts: Partial<MemoryLine> = {}): MemoryLine =>
  memoryOf(index, { workload: 'down', values: { usedBytes: 5_000_000 + index }, ...parts });

const warmUps = (n: number) =>
  Array.from({ length: n }, (_, at) => readingOf(at, { warmUp: true }));

test('growth takes the uses after the warm-up, in their order', () => {
  const samples = [...warmUps(10), readingOf(10), readingOf(11), readingOf(12)];
  const { events, missing } = deriveEvents(GROWTH, recordOf([GROWTH], { samples }));
  assert.deepEqual(
    events.map(({ value }) => value),
    [5_000_010, 5_000_011, 5_000_012],
  );
  assert.equal(missing, 0);
});

test('after too short a warm-up nobody knows: code that is still compiled looks like a leak', () => {
  const samples = [...warmUps(9), readingOf(10), readingOf(11)];
  const { events, missing } = deriveEvents(GROWTH, recordOf([GROWTH], { samples }));
  assert.deepEqual([events.length, missing], [0, 2]);
});

test('a use without the value is missing, one that failed is told apart', () => {
  const samples = [
    ...warmUps(10),
    readingOf(10, { values: {} }),
    readingOf(11, { failure: 'answer failed' }),
    readingOf(12),
  ];
  const { events, missing, failed } = deriveEvents(GROWTH, recordOf([GROWTH], { samples }));
  assert.deepEqual([events.length, missing, failed], [1, 1, 1]);
});

test('readings that stand for as many iterations each say how many lie between two', () => {
  const every = (iterations: number, n = 3) => [
    readingOf(0, { warmUp: true, iterations }),
    ...Array.from({ length: n }, (_, at) => readingOf(1 + at, { iterations })),
  ];
  const series = deriveEvents(GROWTH, recordOf([GROWTH], { samples: every(50) }));
  assert.deepEqual([series.events.length, series.usesBetween], [3, 50]);
  const uneven = [...every(50), readingOf(9, { iterations: 51 })];
  const { events, missing } = deriveEvents(GROWTH, recordOf([GROWTH], { samples: uneven }));
  assert.deepEqual([events.length, missing], [0, 4]);
});

test('what was measured on the page counts in no objective over all requests', () => {
  const availability = underFault('availability', 0.99, { workload: null, fault: null });
  const requests = [requestOf(0)];
  const samples = [iterationOf(1, { failure: 'answer failed' })];
  const { events } = deriveEvents(availability, recordOf([availability], { requests, samples }));
  assert.deepEqual(
    events.map(({ id, bad }) => [id.endsWith('-0'), bad]),
    [[true, false]],
  );
});

test('a line of a kind that the metric cannot take is missing, so that nothing passes', () => {
  const samples = [auditOf(0, { workload: 'down', values: { lcpMs: 900 } })];
  const derive = (metric: 'lcp' | 'latency' | 'availability') => {
    const objective = underFault(metric, 2000, { fault: null });
    const { events, missing } = deriveEvents(objective, recordOf([objective], { samples }));
    return [events.length, missing];
  };
  assert.deepEqual(
    [derive('lcp'), derive('latency'), derive('availability')],
    [
      [1, 0],
      [0, 1],
      [0, 1],
    ],
  );
});
