import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underFault } from '../../testing/objectives.ts';
import { recordOf, requestOf } from '../../testing/recordOf.ts';
import { deriveEvents } from '../deriveEvents.ts';
import type { RequestLine } from '../recordLine.ts';

const GROWTH = underFault('growth', 100);

const useOf = (index: number, parts: Partial<RequestLine> = {}): RequestLine =>
  requestOf(index, {
    workload: 'down',
    fault: 'down',
    via: 'page',
    values: { usedBytes: 5_000_000 + index },
    ...parts,
  });

const warmUps = (n: number) => Array.from({ length: n }, (_, at) => useOf(at, { warmUp: true }));

test('growth takes the uses after the warm-up, in their order', () => {
  const requests = [...warmUps(10), useOf(10), useOf(11), useOf(12)];
  const { events, missing } = deriveEvents(GROWTH, recordOf([GROWTH], { requests }));
  assert.deepEqual(
    events.map(({ value }) => value),
    [5_000_010, 5_000_011, 5_000_012],
  );
  assert.equal(missing, 0);
});

test('after too short a warm-up nobody knows: code that is still compiled looks like a leak', () => {
  const requests = [...warmUps(9), useOf(10), useOf(11)];
  const { events, missing } = deriveEvents(GROWTH, recordOf([GROWTH], { requests }));
  assert.deepEqual([events.length, missing], [0, 2]);
});

test('a use without the value is missing, one that failed is told apart', () => {
  const requests = [
    ...warmUps(10),
    useOf(10, { values: {} }),
    useOf(11, { failure: 'answer failed' }),
    useOf(12),
  ];
  const { events, missing, failed } = deriveEvents(GROWTH, recordOf([GROWTH], { requests }));
  assert.deepEqual([events.length, missing, failed], [1, 1, 1]);
});

test('what a page did counts in no objective over all requests', () => {
  const availability = underFault('availability', 0.99, { workload: null, fault: null });
  const requests = [
    requestOf(0, { via: 'api' }),
    requestOf(1, { via: 'page', failure: 'answer failed' }),
  ];
  const { events } = deriveEvents(availability, recordOf([availability], { requests }));
  assert.deepEqual(
    events.map(({ id, bad }) => [id.endsWith('-0'), bad]),
    [[true, false]],
  );
});
