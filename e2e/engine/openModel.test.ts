import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { LoadSample } from './loadSample.ts';
import { openLoop, openModel } from './openModel.ts';

const answered = { heldMs: 0, serviceMs: 1, failure: null, connectionReused: true };

test('requests leave when they are due, whatever is out, and are told as they end', async () => {
  const ended: LoadSample[] = [];
  let mostOut = 0;
  let out = 0;
  await openModel({
    arrivals: [0, 1, 2, 3],
    send: async (index) => {
      mostOut = Math.max(mostOut, ++out);
      // The first ends last.
      await sleep(index === 0 ? 40 : 10);
      out--;
      return { ...answered, serviceMs: 10 * index };
    },
    mostInFlight: 10,
    onEnd: (sample) => ended.push(sample),
  });
  assert.equal(mostOut, 4);
  assert.deepEqual(ended.map(({ index }) => index).toSorted(), [0, 1, 2, 3]);
  assert.equal(ended.at(-1)?.index, 0);
  assert.ok(ended.every(({ lateMs }) => lateMs !== null && lateMs >= 0));
  assert.equal(ended.find(({ index }) => index === 3)?.serviceMs, 30);
});

test('what finds no room is told as never sent, with the reason; then there is room again', async () => {
  const ended: LoadSample[] = [];
  const sent: number[] = [];
  await openModel({
    arrivals: [0, 1, 2, 60],
    send: async (index) => {
      sent.push(index);
      await sleep(20);
      return answered;
    },
    mostInFlight: 2,
    onEnd: (sample) => ended.push(sample),
  });
  assert.deepEqual(sent, [0, 1, 3]);
  assert.equal(ended.length, 4);
  const [unsent] = ended;
  assert.deepEqual(unsent, {
    index: 2,
    dueMs: 2,
    lateMs: null,
    serviceMs: null,
    failure: 'never sent: 2 answers were out',
    connectionReused: null,
  });
});

test('a generator that stalls tells by how much each was late', async () => {
  const ended: LoadSample[] = [];
  await openModel({
    arrivals: [0, 5, 10],
    send: async (index) => {
      const endMs = performance.now() + 40;
      while (index === 0 && performance.now() < endMs);
      return answered;
    },
    mostInFlight: 10,
    onEnd: (sample) => ended.push(sample),
  });
  const late = ended.toSorted((a, b) => a.index - b.index).map(({ lateMs }) => lateMs as number);
  assert.ok((late[1] as number) >= 30 && (late[2] as number) >= 25, `${late}`);
});

test('once aborted nothing more is sent, and what was not due yet is not told as never sent', async () => {
  const abort = new AbortController();
  const ended: LoadSample[] = [];
  await openModel({
    arrivals: [0, 1, 3_600_000],
    send: async (index) => {
      if (index === 1) abort.abort();
      return answered;
    },
    mostInFlight: 10,
    onEnd: (sample) => ended.push(sample),
    signal: abort.signal,
  });
  assert.deepEqual(
    ended.map(({ index }) => index),
    [0, 1],
  );
});

test('what the client held a request for makes it late, and one that left early less so', async () => {
  const ended: LoadSample[] = [];
  await openModel({
    arrivals: [0, 40],
    // Timers are a few ms early at most.
    send: async (index) => ({ ...answered, heldMs: index === 0 ? 7 : 100 }),
    mostInFlight: 10,
    onEnd: (sample) => ended.push(sample),
  });
  const [first, second] = ended.map(({ lateMs }) => lateMs as number);
  assert.ok((first as number) >= 7, `${first}`);
  assert.ok((second as number) >= 90, `${second}`);
  assert.ok(ended.every((sample) => !('heldMs' in sample)));
});

/** Keeps the thread busy, as a harness that is the bottleneck does. */
function stall(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}

test('a slow answer does not hold back what is due', async () => {
  const log: string[] = [];
  const lastWasSent = Promise.withResolvers<void>();
  await openLoop({
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

test("every item is sent once, in order, no more than a timer's grain before it is due, and never with a negative lateness", async () => {
  const dues = fc.array(fc.double({ min: 0, max: 15, noNaN: true }), { maxLength: 12 });
  const property = fc.asyncProperty(dues, async (unsorted) => {
    const schedule = unsorted.sort((a, b) => a - b).map((dueMs, item) => ({ dueMs, item }));
    const startMs = performance.now();
    const sent: { item: number; afterDueMs: number; lateMs: number }[] = [];
    await openLoop({
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
      // A timer's grain, and what all are aimed short.
      assert.ok(afterDueMs > -4, `sent ${-afterDueMs} ms early`);
      assert.ok(lateMs <= afterDueMs && lateMs > afterDueMs - 50, `${lateMs} of ${afterDueMs}`);
    }
  });
  await fc.assert(property, { numRuns: 30, seed: 1, endOnFailure: true });
});

test('after a stall nothing is left out, and the lateness of each is handed over', async () => {
  const STALL_MS = 40;
  const late: number[] = [];
  await openLoop({
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

test('once aborted nothing more is sent, and what is under way is waited for', async () => {
  const abort = new AbortController();
  const answer = Promise.withResolvers<void>();
  const sent: number[] = [];
  let hasEnded = false;
  const loop = openLoop({
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
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([sent, hasEnded], [[0, 1], false]);
  answer.resolve();
  await loop;
  assert.deepEqual([sent, hasEnded], [[0, 1], true]);
});

test('an abort ends a long wait at once', async () => {
  const abort = new AbortController();
  const sent: string[] = [];
  await openLoop({
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

test('what is not wanted any more is passed over, without waiting for its time', async () => {
  const sent: number[] = [];
  await openLoop({
    schedule: [0, 1, 2, 3_600_000].map((dueMs, item) => ({ dueMs, item })),
    isWanted: (item) => item % 2 === 0,
    send: async (item) => {
      sent.push(item);
    },
  });
  assert.deepEqual(sent, [0, 2]);
});

test('a schedule that is empty ends', async () => {
  await openLoop({ schedule: [], send: () => assert.fail('there is nothing to send') });
});
