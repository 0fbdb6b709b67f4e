import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FakeReply } from '../../testing/fakeOllama.ts';
import { gapsMs } from '../../testing/gapsMs.ts';
import { goodModel } from '../../testing/goodModel.ts';
import { asStream, streamEvents } from '../../testing/streamEvents.ts';
import { type TestSalestalk, testSalestalk } from '../../testing/testSalestalk.ts';
import { plannedPolicy, todayPolicy } from './aiPolicy.ts';

const question = 'What is Q3 revenue?';
/** Timers may fire, and clocks round, this much early. */
const timerErrorMs = 2;

async function assert502(response: Response): Promise<void> {
  assert.equal(response.status, 502);
  assert.deepEqual(await response.json(), {
    error: 'AIProviderError',
    message: 'The AI provider could not answer.',
    requestId: response.headers.get('X-Request-Id'),
  });
}

async function classifyUnder(salestalk: TestSalestalk, reply: FakeReply): Promise<Response> {
  salestalk.ollama.answer(() => reply);
  return salestalk.post('/classify', { question });
}

// Most of it is waiting, and each has a SalesTalk and a model of its own.
describe('a model that misbehaves', { concurrency: 4 }, () => {
  test('a model that hangs: each attempt ends by the time-out, all by the total, in a 502', async () => {
    const policy = { ...plannedPolicy, attemptTimeoutMs: 150, totalMs: 500 };
    await using salestalk = await testSalestalk({ policy });
    await assert502(await classifyUnder(salestalk, { hang: true }));
    const { calls } = salestalk.ollama;
    for (const { aborted } of calls) await aborted;
    // Two whole attempts at least; at most what fits if no time passed but that of the time-outs.
    assert.ok(calls.length >= 2 && calls.length <= 4, `${calls.length}`);
    for (const gapMs of gapsMs(calls)) assert.ok(gapMs >= 150 - timerErrorMs, `${gapMs}`);
  });

  test('a model that hangs in its narrative ends a stream by an error, and its connection', async () => {
    const policy = { ...plannedPolicy, attemptTimeoutMs: 100, totalMs: 300 };
    await using salestalk = await testSalestalk({ policy });
    salestalk.ollama.answer((call, n) => (n === 1 ? goodModel(call) : { hang: true }));
    const events = await streamEvents(
      await salestalk.post('/chat', { message: question }, { headers: asStream }),
    );
    assert.equal(events.at(-1)?.type, 'error');
    for (const { aborted } of salestalk.ollama.calls.slice(1)) await aborted;
  });

  test('a model that fails: 5 attempts, each wait within its step', async () => {
    await using salestalk = await testSalestalk();
    await assert502(await classifyUnder(salestalk, { status: 503 }));
    const gaps = gapsMs(salestalk.ollama.calls);
    assert.equal(gaps.length, 4);
    for (const [index, leastMs] of [50, 100, 200, 400].entries()) {
      assert.ok((gaps[index] ?? 0) >= leastMs - timerErrorMs, `${gaps}`);
    }
  });

  test('waits of many callers are spread', async () => {
    await using salestalk = await testSalestalk();
    const arrivals = new Map<string, number[]>();
    salestalk.ollama.answer(({ prompt, arrivedAtMs }) => {
      const asked = /^Question: (.*)$/m.exec(prompt)?.[1] ?? '';
      arrivals.set(asked, [...(arrivals.get(asked) ?? []), arrivedAtMs]);
      return { status: 503 };
    });
    const asked = Array.from({ length: 12 }, (_, index) =>
      salestalk.post('/classify', { question: `q${index}` }),
    );
    for (const response of await Promise.all(asked)) assert.equal(response.status, 502);
    const lastGaps = [...arrivals.values()].map(([, , , d = Number.NaN, e = Number.NaN]) => e - d);
    const spreadMs = Math.max(...lastGaps) - Math.min(...lastGaps);
    // The last wait lies between 400 and 800 ms; twelve shares leave more than a third of that between them.
    assert.ok(spreadMs > 130, `${lastGaps}`);
  });

  test('Retry-After is honoured, in seconds and as a date', async () => {
    await using salestalk = await testSalestalk();
    let untilEpochMs = 0;
    let comesBackAtEpochMs = 0;
    const turnAway = (retryAfter: () => string) =>
      salestalk.ollama.answer((call, n) => {
        comesBackAtEpochMs = Date.now();
        if (n === 1) return { status: 429, headers: { 'Retry-After': retryAfter() } };
        return goodModel(call);
      });

    turnAway(() => {
      untilEpochMs = Date.now() + 1_000;
      return '1';
    });
    assert.equal((await salestalk.post('/classify', { question })).status, 200);
    assert.ok(comesBackAtEpochMs >= untilEpochMs - timerErrorMs);

    turnAway(() => {
      untilEpochMs = Math.floor(Date.now() / 1_000) * 1_000 + 2_000;
      return new Date(untilEpochMs).toUTCString();
    });
    assert.equal((await salestalk.post('/classify', { question })).status, 200);
    assert.ok(comesBackAtEpochMs >= untilEpochMs - timerErrorMs);
  });

  test('what the provider finds fault with is not repeated', async () => {
    await using salestalk = await testSalestalk();
    for (const status of [400, 401, 403, 404, 422]) {
      await assert502(await classifyUnder(salestalk, { status, headers: { 'Retry-After': '0' } }));
      assert.equal(salestalk.ollama.calls.length, 1, `${status}`);
    }
  });

  test("today's SalesTalk: one attempt whatever happens, and no end to a hanging one", async () => {
    await using salestalk = await testSalestalk({ policy: todayPolicy });
    for (const reply of [{ status: 503 }, { status: 429, headers: { 'Retry-After': '0' } }]) {
      await assert502(await classifyUnder(salestalk, reply));
      assert.equal(salestalk.ollama.calls.length, 1);
    }
    const caller = new AbortController();
    salestalk.ollama.answer(() => ({ hang: true }));
    const { signal } = caller;
    const answer = salestalk.post('/classify', { question }, { signal }).then(() => 'answered');
    const later = new Promise((resolve) => setTimeout(resolve, 400, 'still waiting'));
    assert.equal(await Promise.race([answer, later]), 'still waiting');
    assert.equal(salestalk.ollama.calls.length, 1);
    caller.abort();
    await assert.rejects(answer);
  });
});
