import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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

test('a second in which nothing ended is left out, and the others keep their places', () => {
  const table = tableOf(
    loadLineOf([50, 3200].map((serviceMs, at) => ({ dueMs: at * 100, lateMs: 0, serviceMs }))),
  );
  assert.deepEqual(
    silencesBySecond(table).map(({ second }) => second),
    [0, 3],
  );
});

test('each second tells of its longest, and what was never sent tells nothing', () => {
  assert.deepEqual(silencesOf([0, 10], [10, 40], [1500, 1700], [1800, 1805]), [30, 200]);
  assert.deepEqual(silencesBySecond(tableOf(loadLineOf([NEVER_SENT]))), []);
});

test('in whatever order requests were recorded, it is what one finds by looking at all of them', () => {
  const ms = fc.integer({ min: 0, max: 3000 });
  const property = fc.property(fc.array(fc.tuple(ms, ms), { maxLength: 12 }), (times) => {
    const requests = times.map(([dueMs, tookMs]) => ({ dueMs, lateMs: 0, serviceMs: tookMs }));
    const found = silencesBySecond(tableOf(loadLineOf(requests))).map(({ silentMs }) => silentMs);
    assert.deepEqual(found, lookedFor(times));
  });
  fc.assert(property, { seed: 1, numRuns: 500 });
});

/** For each answer: since the latest answer before it, or since the first request was due that ends with it or later. */
function lookedFor(times: [dueMs: number, tookMs: number][]): number[] {
  const ends = times.map(([due, took]) => due + took).sort((a, b) => a - b);
  const startMs = Math.min(...times.map(([due]) => due));
  const bySecond = new Map<number, number>();
  for (const [at, end] of ends.entries()) {
    const out = times.filter(([due, took]) => due + took >= end).map(([due]) => due);
    const silentMs = end - Math.max(ends[at - 1] ?? Number.NEGATIVE_INFINITY, Math.min(...out));
    const second = Math.floor((end - startMs) / 1000);
    bySecond.set(second, Math.max(silentMs, bySecond.get(second) ?? 0));
  }
  return [...bySecond.values()];
}
