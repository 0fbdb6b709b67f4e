import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { sendOnSchedule } from './sendOnSchedule.ts';

/** Keeps the thread busy, as a harness that is the bottleneck does. */
function stall(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}

test('a slow answer does not delay the next items of a schedule', async () => {
  const log: string[] = [];
  const lastWasSent = Promise.withResolvers<void>();
  await sendOnSchedule({
    schedule: [0, 2, 4].map((dueMs, item) => ({ dueMs, item })),
    send: async (item) => {
      log.push(`sent ${item}`);
      if (item === 2) lastWasSent.resolve();
      // The first answer comes only after the last request went out.
      await lastWasSent.promise;
      log.push(`answered ${item}`);
    },
  });
  assert.deepEqual(log.slice(0, 3), ['sent 0', 'sent 1', 'sent 2']);
  assert.deepEqual(log.slice(3).sort(), ['answered 0', 'answered 1', 'answered 2']);
});

test('each item is sent once, in order, and at most a few milliseconds early', async () => {
  const dues = fc.array(fc.double({ min: 0, max: 15, noNaN: true }), { maxLength: 12 });
  const property = fc.asyncProperty(dues, async (unsorted) => {
    const schedule = unsorted.sort((a, b) => a - b).map((dueMs, item) => ({ dueMs, item }));
    const startMs = performance.now();
    const sent: { item: number; afterDueMs: number; lateMs: number }[] = [];
    await sendOnSchedule({
      schedule,
      send: async (item, lateMs) => {
        const dueMs = schedule[item]?.dueMs as number;
        sent.push({ item, lateMs, afterDueMs: performance.now() - startMs - dueMs });
      },
    });
    assert.deepEqual(
      sent.map(({ item }) => item),
      schedule.map(({ item }) => item),
    );
    for (const { afterDueMs, lateMs } of sent) {
      // The grain of a timer, and the time that all aim early.
      assert.ok(afterDueMs > -4, `sent ${-afterDueMs} ms early`);
      assert.ok(lateMs <= afterDueMs && lateMs > afterDueMs - 50, `${lateMs} of ${afterDueMs}`);
    }
  });
  await fc.assert(property, { numRuns: 30, seed: 1, endOnFailure: true });
});

test('after a stall every item is sent, with its lateness', async () => {
  const STALL_MS = 40;
  const late: number[] = [];
  await sendOnSchedule({
    schedule: [0, 5, 10, 60].map((dueMs, item) => ({ dueMs, item })),
    send: async (item, lateMs) => {
      late.push(lateMs);
      if (item === 0) stall(STALL_MS);
    },
  });
  assert.equal(late.length, 4);
  const [, second, third] = late as [number, number, number, number];
  assert.ok(second >= STALL_MS - 5, `${second}`);
  assert.ok(third >= STALL_MS - 10 && third < second, `${third}`);
});

test('after an abort no item is sent, and those under way are waited for', async () => {
  const abort = new AbortController();
  const answer = Promise.withResolvers<void>();
  const sent: number[] = [];
  let hasEnded = false;
  const loop = sendOnSchedule({
    schedule: [0, 1, 2, 3].map((dueMs, item) => ({ dueMs, item })),
    send: async (item) => {
      sent.push(item);
      if (item === 1) abort.abort();
      await answer.promise;
    },
    signal: abort.signal,
  }).then(() => {
    hasEnded = true;
  });
  await sleep(20);
  assert.deepEqual([sent, hasEnded], [[0, 1], false]);
  answer.resolve();
  await loop;
  assert.deepEqual([sent, hasEnded], [[0, 1], true]);
});

test('an abort ends a long wait at once', async () => {
  const abort = new AbortController();
  const sent: string[] = [];
  await sendOnSchedule({
    schedule: [
      { dueMs: 0, item: 'now' },
      { dueMs: 3_600_000, item: 'in an hour' },
    ],
    send: async (item) => {
      sent.push(item);
      setTimeout(() => abort.abort(), 5);
    },
    signal: abort.signal,
  });
  assert.deepEqual(sent, ['now']);
});

test('unwanted items are skipped without waiting for their time', async () => {
  const sent: number[] = [];
  await sendOnSchedule({
    schedule: [0, 1, 2, 3_600_000].map((dueMs, item) => ({ dueMs, item })),
    isWanted: (item) => item % 2 === 0,
    send: async (item) => {
      sent.push(item);
    },
  });
  assert.deepEqual(sent, [0, 2]);
});

test('an empty schedule ends at once', async () => {
  await sendOnSchedule({ schedule: [], send: () => assert.fail('there is nothing to send') });
});
