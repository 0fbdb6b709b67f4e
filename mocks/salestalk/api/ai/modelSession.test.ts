import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gapsMs } from '../../testing/fakeOllama.ts';
import { ManualClock } from '../../testing/manualClock.ts';
import {
  createScriptedProvider,
  createTestSession,
  type ScriptedAnswer,
} from '../../testing/scriptedProvider.ts';
import { wait } from '../clock.ts';
import { AiCallError, type AiFailureReason } from './aiProvider.ts';
import {
  type AiPolicy,
  backoffMs,
  createAttemptRules,
  PLANNED_POLICY,
  retryAfterMs,
  TODAY_POLICY,
} from './attemptRules.ts';
import { childTraceparent } from './modelSession.ts';

const prompt = { kind: 'narrative', prompt: 'p', temperature: 0 } as const;
const failed = (reason: AiFailureReason, retryAfter: string | null = null): ScriptedAnswer => ({
  error: new AiCallError(reason, reason, { retryAfter }),
});

/** A session on a manual clock, whose waits are half of their steps. */
function session(script: (n: number) => ScriptedAnswer, policy: AiPolicy = PLANNED_POLICY) {
  const clock = new ManualClock();
  const provider = createScriptedProvider(clock, script);
  const caller = new AbortController();
  const rules = createAttemptRules(policy);
  const model = createTestSession({ provider, rules, clock, signal: caller.signal });
  return { clock, provider, caller, model };
}

test('a throttled call gets 10 attempts', async () => {
  const patient = { ...PLANNED_POLICY, totalMs: 120_000 };
  const { clock, provider, model } = session(() => failed('throttled'), patient);
  await assert.rejects(clock.runUntil(model.complete(prompt)), { reason: 'throttled' });
  assert.equal(provider.calls.length, 10);
});

test('both model calls of a request share totalMs', async () => {
  const { clock, provider, model } = session((n) =>
    n === 1 ? { afterMs: 7_000, chunks: ['a'] } : { afterMs: 60_000 },
  );
  await clock.runUntil(model.complete(prompt));
  await assert.rejects(clock.runUntil(model.complete(prompt)), { reason: 'timeout' });
  assert.equal(clock.monotonicMs(), 25_000);
  // 7 s, then 8 s twice, and what is left of 25 s after two short waits.
  assert.equal(provider.calls.length, 4);
});

test('Retry-After replaces the backoff, and can be switched off', async () => {
  const script = (n: number): ScriptedAnswer =>
    n === 1 ? failed('throttled', '3') : { chunks: ['ok'] };
  const on = session(script);
  await on.clock.runUntil(on.model.complete(prompt));
  assert.deepEqual(gapsMs(on.provider.calls), [3_000]);

  const off = session(script, { ...PLANNED_POLICY, honoursRetryAfter: false });
  await off.clock.runUntil(off.model.complete(prompt));
  assert.deepEqual(gapsMs(off.provider.calls), [50]);
});

test('an attempt ends after its time-out, and the next may succeed', async () => {
  const { clock, provider, model } = session((n) => ({
    afterMs: n === 1 ? 60_000 : 10,
    chunks: ['ok'],
  }));
  assert.equal(await clock.runUntil(model.complete(prompt)), 'ok');
  assert.deepEqual(gapsMs(provider.calls), [8_050]);
});

test("today's SalesTalk makes one attempt without a time-out", async () => {
  const slow = session(() => ({ afterMs: 110_000, chunks: ['late'] }), TODAY_POLICY);
  assert.equal(await slow.clock.runUntil(slow.model.complete(prompt)), 'late');

  const broken = session(() => failed('throttled', '1'), TODAY_POLICY);
  await assert.rejects(broken.clock.runUntil(broken.model.complete(prompt)));
  assert.equal(broken.provider.calls.length, 1);
});

test('time-outs and retries work without each other', async () => {
  const once = session(() => ({ afterMs: 60_000 }), { ...PLANNED_POLICY, retries: null });
  await assert.rejects(once.clock.runUntil(once.model.complete(prompt)), { reason: 'timeout' });
  assert.equal(once.provider.calls.length, 1);

  const patient = session(() => ({ afterMs: 60_000, chunks: ['late'] }), {
    ...PLANNED_POLICY,
    attemptTimeoutMs: null,
  });
  assert.equal(await patient.clock.runUntil(patient.model.complete(prompt)), 'late');
});

test('a stream may last longer than the time-out as long as chunks keep coming', async () => {
  const { clock, model } = session(() => ({ chunks: ['a', 'b', 'c'], betweenMs: 6_000 }));
  assert.deepEqual(await clock.runUntil(Array.fromAsync(model.stream(prompt))), ['a', 'b', 'c']);
  assert.equal(clock.monotonicMs(), 18_000);
});

test('the time that a reader takes does not count against the provider', async () => {
  const { clock, model } = session(() => ({ chunks: ['a', 'b'] }));
  const read = async (): Promise<string> => {
    let text = '';
    for await (const chunk of model.stream(prompt)) {
      text += chunk;
      await wait(clock, 9_000, new AbortController().signal);
    }
    return text;
  };
  assert.equal(await clock.runUntil(read()), 'ab');
});

test('a stream that falls silent ends and is not retried', async () => {
  const { clock, provider, model } = session(() => ({ chunks: ['a', 'b'], betweenMs: 9_000 }));
  await assert.rejects(clock.runUntil(Array.fromAsync(model.stream(prompt))), {
    reason: 'timeout',
  });
  assert.equal(provider.calls.length, 1);
});

test('a stream that fails before its first chunk is retried', async () => {
  const { clock, provider, model } = session((n) =>
    n === 1 ? failed('server') : { chunks: ['a'] },
  );
  assert.deepEqual(await clock.runUntil(Array.fromAsync(model.stream(prompt))), ['a']);
  assert.equal(provider.calls.length, 2);
});

test('a caller that leaves ends the attempt and the waits', async () => {
  const gone = new Error('gone');
  const calling = session(() => ({ afterMs: 5_000 }));
  calling.clock.schedule(() => calling.caller.abort(gone), 1_000);
  await assert.rejects(calling.clock.runUntil(calling.model.complete(prompt)), gone);
  assert.equal(calling.provider.calls[0]?.signal.aborted, true);
  assert.equal(calling.clock.monotonicMs(), 1_000);

  const waiting = session(() => failed('throttled', '10'));
  waiting.clock.schedule(() => waiting.caller.abort(gone), 1_000);
  await assert.rejects(waiting.clock.runUntil(waiting.model.complete(prompt)), gone);
  assert.equal(waiting.provider.calls.length, 1);
});

const callers = '00-5f3a9c1e000000000000000000000011-00f067aa0ba902b7-01';

test('a call continues the trace under a new parent', () => {
  const child = childTraceparent(callers) ?? '';
  assert.match(child, /^00-5f3a9c1e000000000000000000000011-[0-9a-f]{16}-01$/);
  assert.notEqual(child, callers);
});

test('without a valid traceparent no trace starts', () => {
  const broken = ['', 'x', callers.toUpperCase(), `${callers}-00`, callers.replace(/^00/, 'ff')];
  const zero = ['00-00000000000000000000000000000000-00f067aa0ba902b7-01'];
  for (const header of [null, ...broken, ...zero]) assert.equal(childTraceparent(header), null);
});

const rules = createAttemptRules(PLANNED_POLICY);
const at = { attempt: 1, leftMs: 25_000, nowEpochMs: Date.UTC(2025, 0, 1), jitter: () => 0.5 };
const throttled = (retryAfter: string) => new AiCallError('throttled', 'no', { retryAfter });

test('retries come no earlier than Retry-After asks, and not all at once', () => {
  const delaysMs = [0, 0.25, 0.75].map((share) =>
    rules.delayMs(throttled('2'), { ...at, jitter: () => share }),
  );
  assert.deepEqual(delaysMs, [2_000, 2_025, 2_075]);
  assert.equal(rules.delayMs(throttled('Wed, 01 Jan 2025 00:00:03 GMT'), at), 3_050);
});

test('a Retry-After of 0 does not undo the backoff', () => {
  const delaysMs = [1, 2, 3].map((attempt) => rules.delayMs(throttled('0'), { ...at, attempt }));
  assert.deepEqual(delaysMs, [75, 150, 300]);
});

test('jitter keeps every wait between half and the whole of its step', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, share) => {
        const stepMs = 100 * 2 ** (failures - 1);
        const waitMs = backoffMs(failures, share);
        assert.ok(waitMs >= stepMs / 2 && waitMs <= stepMs, `${waitMs}`);
      },
    ),
  );
});

const now = Date.parse('Tue, 04 Nov 2025 10:00:00 GMT');
const retryAfter: [header: string | null, waitMs: number | null][] = [
  ['2', 2_000],
  [' 0 ', 0],
  ['Tue, 04 Nov 2025 10:00:03 GMT', 3_000],
  ['Tue, 04 Nov 2025 09:59:00 GMT', 0],
  ['Tue, 99 Nov 2025 10:00:03 GMT', null],
  ...[null, '', 'soon', '-1', '1.5', '2025-11-04'].map((header): [typeof header, null] => [
    header,
    null,
  ]),
];

test('Retry-After is seconds or an HTTP date, 0 in the past and null where it is invalid', () => {
  for (const [header, waitMs] of retryAfter)
    assert.equal(retryAfterMs(header, now), waitMs, String(header));
});
