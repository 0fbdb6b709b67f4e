import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { plannedPolicy, todayPolicy } from '../../api/ai/aiPolicy.ts';
import type { FakeReply } from '../../testing/fakeOllama.ts';
import { gapsMs } from '../../testing/gapsMs.ts';
import { goodModel } from '../../testing/goodModel.ts';
import { classificationText } from '../../testing/modelTexts.ts';
import { asStream } from '../../testing/streamEvents.ts';
import { testSalestalk } from '../../testing/testSalestalk.ts';
import { until } from '../../testing/until.ts';

const question = 'What is Q3 revenue?';
const limit = { timeout: 10_000 };

/** The status that a caller gets from a SalesTalk with a defect and a model that is so, and the gaps between attempts. */
async function classifyOnce(defects: string[], reply: FakeReply, policy = plannedPolicy) {
  await using salestalk = await testSalestalk({ defects, policy });
  salestalk.ollama.answer(() => reply);
  const { status } = await salestalk.post('/classify', { question });
  return {
    status,
    attempts: salestalk.ollama.calls.length,
    gapsMs: gapsMs(salestalk.ollama.calls),
  };
}

const hasty = { ...plannedPolicy, attemptTimeoutMs: 80, totalMs: 500 };
const slow = { text: classificationText(), afterMs: 600 };

// Most of it is waiting, and each has a SalesTalk and a model of its own.
describe('attempts over HTTP', { concurrency: 4 }, () => {
  test(
    'a model slower than the time-out is waited for with no or too long a time-out',
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

  test(
    "a time-out that is too long makes none where today's SalesTalk has none",
    limit,
    async () => {
      const { status } = await classifyOnce(['long-timeout'], slow, todayPolicy);
      assert.equal(status, 200);
    },
  );

  test('attempts at a model that is down', limit, async () => {
    const down = { status: 503 };
    assert.equal((await classifyOnce([], down)).attempts, 5);
    assert.equal((await classifyOnce(['no-retry'], down)).attempts, 1);
    assert.equal((await classifyOnce(['retry-storm'], down)).attempts, 50);
    assert.equal((await classifyOnce(['retries-validation-error'], down)).attempts, 5);
  });

  test('attempts at a model that finds fault', limit, async () => {
    const fault = { status: 400 };
    assert.equal((await classifyOnce(['retries-validation-error'], fault)).attempts, 5);
    for (const defects of [[], ['retry-storm'], ['retry-after-ignored']]) {
      assert.equal((await classifyOnce(defects, fault)).attempts, 1);
    }
  });

  test('a constant gap is shorter at its end than the clean one can be', limit, async () => {
    const leastLastGapMs = 400;
    const { gapsMs: clean } = await classifyOnce([], { status: 503 });
    assert.ok((clean.at(-1) ?? 0) > leastLastGapMs - 2, `${clean}`);
    const { gapsMs: constant } = await classifyOnce(['constant-gap'], { status: 503 });
    assert.equal(constant.length, 4);
    assert.ok(Math.min(...constant.slice(2)) < leastLastGapMs / 2, `${constant}`);
  });

  test(
    'Retry-After ignored: the attempts are over before the wait would have been',
    limit,
    async () => {
      const throttled = { status: 429, headers: { 'Retry-After': '9' } };
      const policy = { ...plannedPolicy, retries: { attempts: 3, throttledAttempts: 3 } };
      const { attempts, gapsMs: gaps } = await classifyOnce(
        ['retry-after-ignored'],
        throttled,
        policy,
      );
      assert.equal(attempts, 3);
      assert.ok(Math.max(...gaps) < 9_000, `${gaps}`);
    },
  );

  for (const [what, ask] of [
    ['a plain answer', { path: '/chat', headers: {} }],
    ['a stream', { path: '/chat', headers: asStream }],
  ] as const) {
    test(`abandoned work: ${what} is made to its end for nobody`, limit, async () => {
      for (const defects of [['abandoned-work'], []]) {
        await using salestalk = await testSalestalk({ defects });
        const { ollama } = salestalk;
        const afterMs = 150;
        ollama.answer((call) => ({ ...goodModel(call), afterMs, betweenMs: 20 }));
        const caller = new AbortController();
        const init = { headers: ask.headers, signal: caller.signal };
        const read = salestalk.post(ask.path, { message: question }, init).then((r) => r.text());
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
        assert.equal(
          await Promise.race([ended, setTimeout(3 * afterMs, 'worked on')]),
          'worked on',
        );
      }
    });
  }

  test('abandoned work leaves time-outs, answers and errors alone', limit, async () => {
    const bad = await classifyOnce(['abandoned-work'], { hang: true }, hasty);
    assert.equal(bad.status, 502);
    assert.ok(bad.attempts > 1);
    await using salestalk = await testSalestalk({ defects: ['abandoned-work'] });
    assert.equal((await salestalk.post('/classify', {})).status, 400);
    const answer = await salestalk.post('/chat', { message: question }, { headers: asStream });
    assert.match(await answer.text(), /"type":"complete".*\n$/);
  });
});
