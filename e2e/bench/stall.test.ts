import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evenArrivals } from './clients/loadClient.ts';
import { idealQuantileMs } from './stall.ts';

const dueMs = (): Iterable<number> => evenArrivals(100, 60);

test('a stall of 3 s in a minute: 300 of 6,000 wait, 60 of them longer than the P99', () => {
  const ideal = { dueMs: dueMs(), stall: { beganMs: 20_000, endedMs: 23_000 }, serviceMs: 1 };
  // Due every 10 ms, they wait 3000, 2990, …, 10 ms: 60 wait 2410 ms or longer.
  assert.equal(idealQuantileMs({ ...ideal, quantile: 0.99 }), 2400);
  assert.equal(idealQuantileMs({ ...ideal, dueMs: dueMs(), quantile: 0.95 }), 1);
  assert.equal(idealQuantileMs({ ...ideal, dueMs: dueMs(), quantile: 0.96 }), 600);
});

test('a request that is due just before the end of the stall waits no less than any other', () => {
  const stall = { beganMs: 0, endedMs: 10.5 };
  const ideal = { stall, serviceMs: 1 };
  assert.equal(idealQuantileMs({ ...ideal, dueMs: [10.4], quantile: 0.5 }), 1);
  assert.equal(idealQuantileMs({ ...ideal, dueMs: [10.5], quantile: 0.5 }), 1);
  assert.equal(idealQuantileMs({ ...ideal, dueMs: [0], quantile: 0.5 }), 10.5);
});
