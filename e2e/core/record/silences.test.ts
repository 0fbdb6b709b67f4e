import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLineOf, NEVER_SENT, tableOf } from '../testing/loadOf.ts';
import { silencesBySecond } from './silences.ts';

/** Requests as [due, end], in ms. */
const silencesOf = (...times: [dueMs: number, endMs: number][]) =>
  silencesBySecond(
    tableOf(
      loadLineOf(times.map(([dueMs, endMs]) => ({ dueMs, lateMs: 0, serviceMs: endMs - dueMs }))),
    ),
  ).map(({ silentMs }) => silentMs);

test('where answers follow one another, a silence lasts from one to the next', () => {
  assert.deepEqual(silencesOf([0, 100], [50, 150], [90, 400]), [250]);
});

test('where nothing is out, nobody waits', () => {
  assert.deepEqual(silencesOf([0, 100], [900, 950]), [100]);
});

test('a stall is as long as the earliest that it held, or from the last answer before it', () => {
  assert.deepEqual(silencesOf([0, 50], [100, 3200], [200, 3200], [300, 3201]), [50, 3100]);
  assert.deepEqual(silencesOf([0, 150], [100, 3200]), [150, 3050]);
});

test('each second tells of its longest, and what was never sent tells nothing', () => {
  assert.deepEqual(silencesOf([0, 10], [10, 40], [1500, 1700], [1800, 1805]), [30, 200]);
  assert.deepEqual(silencesBySecond(tableOf(loadLineOf([NEVER_SENT]))), []);
});
