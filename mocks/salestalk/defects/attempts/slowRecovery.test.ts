import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AiCallError, type AiFailureReason } from '../../api/ai/aiCallError.ts';
import { plannedPolicy, todayPolicy } from '../../api/ai/aiPolicy.ts';
import { attemptRules } from '../../api/ai/attemptRules.ts';
import { modelSession } from '../../api/ai/modelSession.ts';
import type { Services } from '../../api/services.ts';
import { ManualClock } from '../../testing/manualClock.ts';
import { scriptedProvider } from '../../testing/scriptedProvider.ts';
import { testSalestalk } from '../../testing/testSalestalk.ts';
import { plantDefects } from '../plantDefects.ts';

/**
 * Calls a model that is down until `wellAtMs`, by time that is moved by hand, once every `everyMs`: `reached`, or how it failed.
 * A call that makes no attempt is marked `unasked`.
 */
async function callsUnder(
  defects: string[],
  down: AiFailureReason,
  policy = plannedPolicy,
): Promise<string[]> {
  const wellAtMs = 5_500;
  const everyMs = 2_000;
  const clock = new ManualClock();
  const provider = scriptedProvider(clock, () =>
    clock.monotonicMs() < wellAtMs ? { error: new AiCallError(down, down) } : { chunks: ['ok'] },
  );
  const clean = { clock, provider, rules: attemptRules(policy), jitter: () => 0.5 };
  const world = { clock, seed: 1, aiUrl: 'http://ai', tenantIds: ['a', 'b'] };
  const { services } = plantDefects(defects, clean as unknown as Services, world);
  const { signal } = new AbortController();
  const outcomes: string[] = [];
  for (let atMs = 0; atMs <= 16_000; atMs += everyMs) {
    await clock.pass(atMs - clock.monotonicMs());
    const attemptsBefore = provider.calls.length;
    const model = modelSession({ ...services, clock, signal, traceparent: null });
    const prompt = { kind: 'classification', prompt: 'p', temperature: 0 } as const;
    const outcome = await clock
      .runUntil(model.complete(prompt))
      .catch((failure: AiCallError) => failure.reason);
    outcomes.push(provider.calls.length === attemptsBefore ? `${outcome}, unasked` : outcome);
  }
  return outcomes;
}

const repeated = <T>(value: T, count: number): T[] => Array<T>(count).fill(value);

test('a clean SalesTalk is well as soon as its model is', async () => {
  assert.deepEqual(await callsUnder([], 'server'), [
    ...repeated('server', 3),
    ...repeated('ok', 6),
  ]);
});

test('under the defect it is 10 s later, from the first call that failed for good', async () => {
  // That one ended after waits of 1125 ms together, by the planned rules; by those of today at once.
  assert.deepEqual(await callsUnder(['slow-recovery'], 'server'), [
    'server',
    ...repeated('rejected, unasked', 5),
    ...repeated('ok', 3),
  ]);
  assert.deepEqual(await callsUnder(['slow-recovery'], 'network', todayPolicy), [
    'network',
    ...repeated('rejected, unasked', 4),
    ...repeated('ok', 4),
  ]);
});

test('a call that the model finds fault with is no reason to keep away', async () => {
  assert.deepEqual(
    await callsUnder(['slow-recovery'], 'rejected'),
    await callsUnder([], 'rejected'),
  );
});

test('over HTTP: once a request has failed, the next is a 502 without a call of the model', async () => {
  const recover = async (defects: string[]): Promise<void> => {
    await using salestalk = await testSalestalk({ defects });
    const classify = () => salestalk.post('/classify', { question: 'What is Q3 revenue?' });
    assert.equal((await classify()).status, 200);
    salestalk.ollama.answer(() => ({ status: 503 }));
    assert.equal((await classify()).status, 502);
    assert.equal(salestalk.ollama.calls.length, 5);
    const next = await classify();
    assert.equal(next.status, 502);
    assert.equal((await next.json()).error, 'AIProviderError');
    assert.equal(salestalk.ollama.calls.length, defects.length === 0 ? 10 : 5);
  };
  await Promise.all([recover(['slow-recovery']), recover([])]);
});
