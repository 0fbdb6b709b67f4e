import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runClosedModel } from './closedModel.ts';
import type { LoadSample } from './loadSample.ts';

const answered = { heldMs: 0, serviceMs: 1, failure: null, connectionReused: true };

test('each user has at most one request in flight and sends again after the think time', async () => {
  const ended: LoadSample[] = [];
  const thoughts: number[] = [];
  let out = 0;
  let mostOut = 0;
  await runClosedModel({
    users: 3,
    thinkMs: (index) => {
      thoughts.push(index);
      return 5;
    },
    durationMs: 60,
    send: async () => {
      mostOut = Math.max(mostOut, ++out);
      await sleep(5);
      out--;
      return answered;
    },
    onEnd: (sample) => ended.push(sample),
  });
  assert.equal(mostOut, 3);
  assert.deepEqual(
    ended.map(({ index }) => index).toSorted((a, b) => a - b),
    ended.map((_, at) => at),
  );
  assert.ok(ended.length > 3);
  assert.deepEqual(
    thoughts,
    ended.map(({ index }) => index),
  );
  assert.ok(ended.every(({ lateMs }) => lateMs === 0));
});

test('no request starts after the duration, neither after a slow answer nor after a pause', async () => {
  for (const { answerMs, pauseMs } of [
    { answerMs: 60, pauseMs: 0 },
    { answerMs: 1, pauseMs: 60 },
  ]) {
    const tooMany = new AbortController();
    let sent = 0;
    let ended = 0;
    await runClosedModel({
      users: 2,
      thinkMs: () => pauseMs,
      durationMs: 40,
      send: async () => {
        if (++sent > 2) tooMany.abort();
        await sleep(answerMs);
        return answered;
      },
      onEnd: () => ended++,
      signal: tooMany.signal,
    });
    assert.deepEqual([sent, ended], [2, 2], `${answerMs} and ${pauseMs} ms`);
  }
});

test('no request starts after an abort, which ends a pause at once', async () => {
  const abort = new AbortController();
  let sent = 0;
  await runClosedModel({
    users: 2,
    thinkMs: () => 3_600_000,
    durationMs: 3_600_000,
    send: async () => {
      sent++;
      setTimeout(() => abort.abort(), 5);
      return answered;
    },
    onEnd: () => undefined,
    signal: abort.signal,
  });
  assert.equal(sent, 2);
});
