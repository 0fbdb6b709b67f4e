import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadSample, runClosedModel, runOpenModel } from './workloadModels.ts';

const answered = { heldMs: 0, serviceMs: 1, failure: null, connectionReused: true };

test('an open model sends requests when they are due and reports each at its end', async () => {
  const ended: LoadSample[] = [];
  const othersEnded = Promise.withResolvers<void>();
  let mostOut = 0;
  let out = 0;
  await runOpenModel({
    arrivals: [0, 1, 2, 3],
    send: async (index) => {
      mostOut = Math.max(mostOut, ++out);
      // The first ends last, also on a busy machine.
      if (index === 0) await othersEnded.promise.then(() => sleep(1));
      else await sleep(10);
      if (index === 3) othersEnded.resolve();
      out--;
      return { ...answered, serviceMs: 10 * index };
    },
    maxInFlight: 10,
    onEnd: (sample) => ended.push(sample),
  });
  assert.equal(mostOut, 4);
  assert.deepEqual(ended.map(({ index }) => index).toSorted(), [0, 1, 2, 3]);
  assert.equal(ended.at(-1)?.index, 0);
  assert.ok(ended.every(({ lateMs }) => lateMs !== null && lateMs >= 0));
  assert.equal(ended.find(({ index }) => index === 3)?.serviceMs, 30);
});

test('an open model reports requests above its limit as never sent, and sends again when there is room', async () => {
  const ended: LoadSample[] = [];
  const sent: number[] = [];
  await runOpenModel({
    arrivals: [0, 1, 2, 60],
    send: async (index) => {
      sent.push(index);
      await sleep(20);
      return answered;
    },
    maxInFlight: 2,
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

test('an open model reports how late each request was after a stall', async () => {
  const ended: LoadSample[] = [];
  await runOpenModel({
    arrivals: [0, 5, 10],
    send: async (index) => {
      const endMs = performance.now() + 40;
      while (index === 0 && performance.now() < endMs);
      return answered;
    },
    maxInFlight: 10,
    onEnd: (sample) => ended.push(sample),
  });
  const late = ended.toSorted((a, b) => a.index - b.index).map(({ lateMs }) => lateMs as number);
  assert.ok((late[1] as number) >= 30 && (late[2] as number) >= 25, `${late}`);
});

test('after an abort an open model sends nothing and reports no request that was not due', async () => {
  const abort = new AbortController();
  const ended: LoadSample[] = [];
  await runOpenModel({
    arrivals: [0, 1, 3_600_000],
    send: async (index) => {
      if (index === 1) abort.abort();
      return answered;
    },
    maxInFlight: 10,
    onEnd: (sample) => ended.push(sample),
    signal: abort.signal,
  });
  assert.deepEqual(
    ended.map(({ index }) => index),
    [0, 1],
  );
});

test('the time that the client held a request counts as lateness', async () => {
  const ended: LoadSample[] = [];
  await runOpenModel({
    arrivals: [0, 40],
    // Timers are a few ms early at most.
    send: async (index) => ({ ...answered, heldMs: index === 0 ? 7 : 100 }),
    maxInFlight: 10,
    onEnd: (sample) => ended.push(sample),
  });
  const [first, second] = ended.map(({ lateMs }) => lateMs as number);
  assert.ok((first as number) >= 7, `${first}`);
  assert.ok((second as number) >= 90, `${second}`);
  assert.ok(ended.every((sample) => !('heldMs' in sample)));
});

test('a virtual user has at most one request in flight and sends again after the think time', async () => {
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
    // Time for many turns, on a busy machine too.
    durationMs: 200,
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

test('a closed model starts no request after its duration, neither after a slow answer nor after a pause', async () => {
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

test('after an abort a closed model starts no request, and a pause ends at once', {
  timeout: 10_000,
}, async () => {
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

test('a closed model does not pause after its last request', { timeout: 10_000 }, async () => {
  let sent = 0;
  await runClosedModel({
    users: 2,
    thinkMs: () => 3_600_000,
    durationMs: 4e6,
    maxRequests: 2,
    send: async () => {
      sent++;
      return answered;
    },
    onEnd: () => undefined,
  });
  assert.equal(sent, 2);
});

test('the first failure ends the sending and is thrown once the requests in flight have ended', async () => {
  const models = {
    open: (send: (index: number) => Promise<typeof answered>, ended: () => void) =>
      runOpenModel({ arrivals: [0, 1, 3_600_000], maxInFlight: 10, send, onEnd: ended }),
    closed: (send: (index: number) => Promise<typeof answered>, ended: () => void) =>
      runClosedModel({ users: 2, thinkMs: () => 3_600_000, durationMs: 4e6, send, onEnd: ended }),
  };
  for (const [name, run] of Object.entries(models)) {
    let ended = 0;
    const send = async (index: number) => {
      if (index === 1) throw new Error('refused');
      await sleep(20);
      return answered;
    };
    await assert.rejects(
      run(send, () => ended++),
      { message: 'refused' },
      name,
    );
    assert.equal(ended, 1, name);
  }
});
