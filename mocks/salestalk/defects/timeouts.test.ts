import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { PLANNED_POLICY, TODAY_POLICY } from '../api/ai/attemptRules.ts';
import {
  classificationText,
  type FakeCall,
  type FakeReply,
  goodModel,
} from '../testing/fakeOllama.ts';
import {
  classifyOnce,
  STREAM_HEADERS,
  streamEvents,
  testSalestalk,
  until,
} from '../testing/testSalestalk.ts';

const message = 'What is Q3 revenue?';
const limit = { timeout: 10_000 };
const hasty = { ...PLANNED_POLICY, attemptTimeoutMs: 80, totalMs: 500 };
const names = ['unreleased-call'];
const slow = { text: classificationText(), afterMs: 600 };

test(
  'no-timeout and long-timeout wait for a model that is slower than the time-out',
  limit,
  async () => {
    for (const defect of ['no-timeout', 'long-timeout']) {
      const { status, attempts } = await classifyOnce([defect], slow, hasty);
      assert.deepEqual([status, attempts], [200, 1], defect);
    }
    const clean = await classifyOnce([], slow, hasty);
    assert.equal(clean.status, 502);
    assert.ok(clean.attempts > 1);
  },
);

/** Whether SalesTalk hangs up a call within 150 ms. */
const isHungUp = (call: FakeCall): Promise<boolean> =>
  Promise.race([call.aborted.then(() => true), setTimeout(150, false)]);

const hung = (call: FakeCall): FakeReply =>
  call.stream ? { chunks: ['Revenue'], silent: true } : { hang: true };

for (const defects of [names, []]) {
  const released = defects.length === 0;
  const what = released ? 'the clean SalesTalk hangs up' : 'unreleased-call does not';

  test(`a model that hangs is answered 502 in time, and ${what}`, limit, async () => {
    await using salestalk = await testSalestalk({ defects, policy: hasty });
    const { ollama } = salestalk;
    ollama.answer(hung);
    for (const [path, body] of [
      ['/classify', { question: message }],
      ['/chat', { message }],
    ] as const) {
      assert.equal((await salestalk.post(path, body)).status, 502);
    }
    assert.ok(ollama.calls.length > 2);
    assert.deepEqual(
      await Promise.all(ollama.calls.map(isHungUp)),
      ollama.calls.map(() => released),
    );
  });

  test(`a stream that falls silent ends with an error, and ${what}`, limit, async () => {
    await using salestalk = await testSalestalk({ defects, policy: hasty });
    const { ollama } = salestalk;
    ollama.answer((call, n) => (n === 1 ? goodModel(call) : hung(call)));
    const events = await streamEvents(
      await salestalk.post('/chat', { message }, { headers: STREAM_HEADERS }),
    );
    assert.deepEqual(
      events.slice(-2).map(({ type }) => type),
      ['narrative_chunk', 'error'],
    );
    assert.equal(ollama.calls.length, 2);
    assert.equal(await isHungUp(ollama.calls[1] ?? assert.fail()), released);
  });
}

test(
  'unreleased-call: a caller that leaves still ends the call, whole or streamed',
  limit,
  async () => {
    await using salestalk = await testSalestalk({ defects: names, policy: TODAY_POLICY });
    const { ollama } = salestalk;
    for (const headers of [{}, STREAM_HEADERS]) {
      const isStreamed = 'Accept' in headers;
      ollama.answer((call, n) => (isStreamed && n === 1 ? goodModel(call) : hung(call)));
      const wanted = isStreamed ? 2 : 1;
      const caller = new AbortController();
      const init = { headers, signal: caller.signal };
      const read = salestalk.post('/chat', { message }, init).then((response) => response.text());
      await until(() => ollama.calls.length === wanted);
      caller.abort();
      await assert.rejects(read);
      assert.equal(await isHungUp(ollama.calls.at(-1) ?? assert.fail()), true);
    }
  },
);

for (const [what, ask] of [
  ['a plain answer', { path: '/chat', headers: {} }],
  ['a stream', { path: '/chat', headers: STREAM_HEADERS }],
] as const) {
  test(`abandoned-work finishes ${what} although its caller has left`, limit, async () => {
    for (const defects of [['abandoned-work'], []]) {
      await using salestalk = await testSalestalk({ defects });
      const { ollama } = salestalk;
      const afterMs = 150;
      ollama.answer((call) => ({ ...goodModel(call), afterMs, betweenMs: 20 }));
      const caller = new AbortController();
      const init = { headers: ask.headers, signal: caller.signal };
      const read = salestalk.post(ask.path, { message }, init).then((r) => r.text());
      await until(() => ollama.calls.length > 0);
      caller.abort();
      await assert.rejects(read);
      const first = ollama.calls[0] ?? assert.fail();
      if (defects.length === 0) {
        await first.aborted;
        await setTimeout(2 * afterMs);
        assert.equal(ollama.calls.length, 1);
        continue;
      }
      await until(() => ollama.calls.length > 1);
      const ended = Promise.any(ollama.calls.map(({ aborted }) => aborted)).then(() => 'aborted');
      assert.equal(await Promise.race([ended, setTimeout(3 * afterMs, 'worked on')]), 'worked on');
    }
  });
}
