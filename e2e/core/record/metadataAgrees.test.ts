import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noopOf, requestOf } from '../testing/recordOf.ts';
import { metadataAgrees } from './metadataAgrees.ts';

const agrees = metadataAgrees([noopOf(2), noopOf(40), noopOf(3)]);
const says = (reportedLatencyMs: number, latencyMs: number) =>
  agrees(requestOf(0, { values: { latencyMs, reportedLatencyMs } }));

test('no more than was measured, but for the rounding to whole milliseconds', () => {
  assert.equal(says(101, 100), true);
  assert.equal(says(101.1, 100), false);
});

test('no less than was measured, but for the no-op round trip and the larger of 10 % and 5 ms', () => {
  assert.equal(says(22, 30), true);
  assert.equal(says(21.9, 30), false);
  assert.equal(says(897, 1000), true);
  assert.equal(says(896.9, 1000), false);
});

test('a whole request is held against a report of the whole, not of its part', () => {
  const values = { latencyMs: 100, totalMs: 500, reportedLatencyMs: 498 };
  assert.equal(agrees(requestOf(0, { values })), true);
});

test('an answer that reports nothing does not agree', () => {
  assert.equal(agrees(requestOf(0, { values: { latencyMs: 100 } })), false);
});

test('without a no-op there is nothing to compare with', () => {
  assert.throws(() => metadataAgrees([])(requestOf(0)), RangeError);
});
