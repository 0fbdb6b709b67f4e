import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadSample } from './loadSample.ts';
import { openModel } from './openModel.ts';

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
