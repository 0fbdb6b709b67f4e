import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chatOutcome, classifyOutcome, narrativeOutcome } from './outcome.ts';
import { ASKED, chatBody, classifyBody, exchangeOf, referenceOf } from './testing/exchanges.ts';

const TIMED = { latencyMs: 400, firstByteMs: 380 };

const classifyFailure = (body: unknown) => classifyOutcome(exchangeOf(body), ASKED).failure;
const chatFailure = (body: unknown) => chatOutcome(exchangeOf(body), ASKED).failure;

test('a good answer has its latency and what it reports of itself', () => {
  assert.deepEqual(classifyOutcome(exchangeOf(classifyBody()), ASKED), {
    failure: null,
    values: { ...TIMED, reportedLatencyMs: 342 },
  });
  assert.deepEqual(chatOutcome(exchangeOf(chatBody()), ASKED), {
    failure: null,
    values: { ...TIMED, reportedLatencyMs: 109 },
  });
});

test('an answer that reports nothing of itself is complete all the same', () => {
  for (const metadata of [undefined, null, {}, { latencyMs: null }, { latencyMs: '342' }]) {
    const complete = { failure: null, values: TIMED };
    assert.deepEqual(
      classifyOutcome(exchangeOf({ ...classifyBody(), metadata }), ASKED),
      complete,
      JSON.stringify(metadata),
    );
    assert.deepEqual(chatOutcome(exchangeOf({ ...chatBody(), metadata }), ASKED), complete);
  }
});

test('fields beyond the contract are the business of others', () => {
  assert.equal(classifyFailure({ ...classifyBody(), version: 2 }), null);
  assert.equal(chatFailure({ ...chatBody(), suggestions: [] }), null);
});

test('whatever ended without a whole answer failed, and has no values', () => {
  for (const outcome of [classifyOutcome, chatOutcome, narrativeOutcome]) {
    for (const [parts, failure] of [
      [{ failure: 'timeout', durationMs: null }, 'timeout'],
      [{ failure: 'ECONNRESET', status: null, firstByteMs: null, durationMs: null }, 'ECONNRESET'],
      [{ status: 500 }, 'status 500'],
      [{ status: 302 }, 'status 302'],
      [{ status: 204 }, 'status 204'],
      [{ durationMs: null }, 'incomplete answer'],
    ] as const)
      assert.deepEqual(outcome(exchangeOf(classifyBody(), parts), ASKED), { failure, values: {} });
  }
});

test('an answer that is not of the contract says where', () => {
  const body = classifyBody();
  const { classification } = body;
  for (const [change, place] of [
    [{ classification: undefined }, 'classification'],
    [{ classification: { ...classification, intent: '' } }, 'classification → intent'],
    [{ classification: { ...classification, measure: 7 } }, 'classification → measure'],
    [
      { classification: { ...classification, confidence: { overall: 1.2 } } },
      'classification → confidence → overall',
    ],
    [{ requestId: '' }, 'requestId'],
    [{ tenantId: undefined }, 'tenantId'],
    [{ metadata: 'fast' }, 'metadata'],
  ] as const)
    assert.equal(classifyFailure({ ...body, ...change }), `invalid answer: ${place}`);
  for (const text of ['', 'not JSON', '<html></html>', '[]', 'null'])
    assert.equal(classifyFailure(text), 'invalid answer: the top level', text);
  const { source } = referenceOf(ASKED.tenant);
  for (const [change, place] of [
    [{ response: '' }, 'response'],
    [{ sessionId: undefined }, 'sessionId'],
    [{ dataReferences: undefined }, 'dataReferences'],
    [{ dataReferences: [{ source }] }, 'dataReferences → 0 → metric'],
  ] as const)
    assert.equal(chatFailure({ ...chatBody(), ...change }), `invalid answer: ${place}`);
});

test('an answer to another request, or of another tenant', () => {
  const requestId = 'request-2';
  assert.equal(classifyFailure({ ...classifyBody(), requestId }), 'answer to another request');
  assert.equal(chatFailure({ ...chatBody(), requestId }), 'answer to another request');
  const tenantId = 'techstart-inc-002';
  assert.equal(classifyFailure({ ...classifyBody(), tenantId }), 'answer of another tenant');
  const dataReferences = [referenceOf(ASKED.tenant), referenceOf(tenantId)];
  assert.equal(chatFailure({ ...chatBody(), dataReferences }), 'figures of another tenant');
});

test('a refusal costs less than an answer, so it is none', () => {
  const body = chatBody();
  const refusing = (refused: unknown) => ({ ...body, metadata: { ...body.metadata, refused } });
  assert.equal(chatFailure(refusing(true)), 'refused to answer');
  assert.equal(chatFailure(refusing(false)), null);
  assert.equal(chatFailure(refusing(null)), null);
  assert.equal(chatFailure(refusing('yes')), 'invalid answer: metadata → refused');
});
