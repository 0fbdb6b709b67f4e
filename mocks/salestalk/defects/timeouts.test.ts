import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { PLANNED_POLICY, TODAY_POLICY } from '../api/ai/attemptRules.ts';
import { type FakeCall, type FakeReply, goodModel } from '../testing/fakeOllama.ts';
import { STREAM_HEADERS, streamEvents, testSalestalk, until } from '../testing/testSalestalk.ts';

const message = 'What is Q3 revenue?';
const limit = { timeout: 10_000 };
const hasty = { ...PLANNED_POLICY, attemptTimeoutMs: 80, totalMs: 500 };
const names = ['unreleased-call'];

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

test('unreleased-call: good answers and failures stay the same', limit, async () => {
  await using salestalk = await testSalestalk({ defects: names });
  const response = await salestalk.post('/chat', { message }, { headers: STREAM_HEADERS });
  assert.equal((await streamEvents(response)).at(-1)?.type, 'complete');
  assert.equal((await salestalk.post('/classify', { question: message })).status, 200);
  salestalk.ollama.answer(() => ({ status: 400 }));
  assert.equal((await salestalk.post('/classify', { question: message })).status, 502);
});
