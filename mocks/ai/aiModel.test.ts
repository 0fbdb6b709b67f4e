import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAiModel, memoize } from './aiModel.ts';
import type { Behaviour } from './behaviour/behaviours.ts';
import { Scopes } from './behaviour/scopes.ts';
import { type Call, newCall } from './journal/call.ts';
import { CallLog, Journal } from './journal/journal.ts';

const SCOPE = '5f3a9c1e';
const uniform = { latency: { distribution: 'uniform', minMs: 0, maxMs: 1000 } as const };
const constant = (ms: number) => ({ latency: { distribution: 'constant', ms } as const });

function start(byDefault: Behaviour = constant(7)) {
  const clock = { nowMs: 0 };
  const scopes = new Scopes({ journal: new Journal(), nowMs: () => clock.nowMs });
  const log = new CallLog(new Journal());
  const aiModel = createAiModel({ scopes, log, defaults: { seed: 9, behaviours: [byDefault] } });
  const ask = (prompt: string): NonNullable<Call['received']> => {
    const call = newCall(1000);
    aiModel.answer(call, {
      provider: 'ollama',
      model: 'm',
      prompt,
      streamed: false,
      traceparent: null,
    });
    assert.ok(call.received);
    return call.received;
  };
  return { clock, scopes, ask };
}

test('calls of a scope meet its behaviours, and all other calls the default', () => {
  const { scopes, ask } = start();
  scopes.put(SCOPE, { seed: 1, behaviours: [constant(50)], ttlMs: 1000 });
  assert.equal(ask(`[ref:${SCOPE}-1]`).plannedMs, 50);
  assert.equal(ask('[ref:00000000-1]').plannedMs, 7);
  assert.equal(ask('no nonce').plannedMs, 7);
});

test('the default decides the aspects that the behaviours of a scope do not set', () => {
  const { scopes, ask } = start();
  const match = { kind: 'narrative' } as const;
  scopes.put(SCOPE, { seed: 1, behaviours: [{ match, ...constant(50) }], ttlMs: 1000 });
  assert.equal(ask(`Classify, JSON object [ref:${SCOPE}-1]`).plannedMs, 7);
});

test('an expired scope falls back to the default, and its calls say so', () => {
  const { clock, scopes, ask } = start();
  scopes.put(SCOPE, { seed: 1, behaviours: [constant(50)], ttlMs: 1000 });
  clock.nowMs = 1000;
  const expired = ask(`[ref:${SCOPE}-1]`);
  assert.deepEqual([expired.scope, expired.expired, expired.plannedMs], [SCOPE, true, 7]);
  scopes.put(SCOPE, { seed: 1, behaviours: [constant(50)], ttlMs: 1000 });
  const again = ask(`[ref:${SCOPE}-1]`);
  assert.deepEqual([again.expired, again.plannedMs, again.attempt], [false, 50, 2]);
});

test('an expired scope draws with the default seed too', () => {
  const { clock, scopes, ask } = start(uniform);
  scopes.put(SCOPE, { seed: 1, behaviours: [uniform], ttlMs: 1000 });
  clock.nowMs = 1000;
  assert.equal(ask(`[ref:${SCOPE}-1]`).plannedMs, ask('[ref:00000000-1]').plannedMs);
});

test('the same prompt without a nonce is another attempt too', () => {
  const { ask } = start();
  assert.deepEqual(
    ['a', 'a', 'b'].map((prompt) => ask(prompt).attempt),
    [1, 2, 1],
  );
});

test('beyond as many texts as may be remembered, the oldest results are computed again', () => {
  const asked: string[] = [];
  const length = memoize((text) => {
    asked.push(text);
    return text.length;
  }, 2);
  for (const text of ['a', 'bb', 'ccc', 'bb', 'a']) assert.equal(length(text), text.length);
  assert.deepEqual(asked, ['a', 'bb', 'ccc', 'a']);
});
