import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askForeignSession, REQUESTS_PER_FOREIGN_SESSION } from './foreignSession.ts';
import type { AskOptions, ObservedRequest } from './observeRequest.ts';
import { chatOutcome } from './outcome.ts';
import { chatBody, exchangeOf, referenceOf } from './testing/exchanges.ts';

const [TENANT, OTHER] = ['acme-corp-001', 'techstart-inc-002'] as const;
const OPTIONS: AskOptions = {
  tenant: TENANT,
  otherTenant: OTHER,
  question: 'not asked',
  place: { scope: '5f3a9c1e', index: 17 },
  patienceMs: 5_000,
};

type Step = { quarters?: string[]; parts?: Partial<ObservedRequest> };

/** What is observed of a question whose answer shows these quarters. */
function observed({ quarters = ['2025-Q4'], parts = {} }: Step): ObservedRequest {
  const dataReferences = quarters.map((sk) => referenceOf(TENANT, { sk }));
  const sessionId = 'session-of-the-other';
  const { answer } = chatOutcome(exchangeOf({ ...chatBody(), dataReferences, sessionId }));
  return {
    sentAtMs: 1_800_000_000_000,
    heldMs: 0,
    connectionReused: true,
    status: 200,
    failure: null,
    requestId: 'request-1',
    values: { latencyMs: 400, endedMs: 410 },
    checks: { isolation: true, soundness: true },
    objection: null,
    answer,
    ...parts,
  };
}

const OWN: Step = { quarters: ['2025-Q4'] };
const BEGUN: Step = { quarters: ['2025-Q3'] };
const FAILED: Partial<ObservedRequest> = {
  status: 502,
  failure: 'status 502',
  checks: { contract: true, secrecy: true, soundness: true },
  answer: null,
};

/** Plays the three steps; also returns what was asked. */
async function play(...steps: Step[]) {
  const asked: AskOptions[] = [];
  const request = await askForeignSession(async (options) => {
    asked.push(options);
    return observed(steps[asked.length - 1] as Step);
  }, OPTIONS);
  return { request, asked };
}

test('asks alone, lets the other tenant begin, and continues that conversation', async () => {
  const { request, asked } = await play(OWN, BEGUN, OWN);
  assert.deepEqual(request, observed(OWN));
  assert.equal(asked.length, REQUESTS_PER_FOREIGN_SESSION);
  assert.deepEqual(
    asked.map(({ tenant, foreignSessionId }) => [tenant, foreignSessionId]),
    [
      [TENANT, undefined],
      [OTHER, undefined],
      [TENANT, 'session-of-the-other'],
    ],
  );
  for (const { place, patienceMs } of asked)
    assert.deepEqual([place, patienceMs], [OPTIONS.place, 5_000]);
  const [own, begun, continued] = asked.map(({ question }) => question);
  assert.equal(own, continued);
  assert.match(begun ?? '', /Q3 2025/);
  assert.doesNotMatch(own ?? '', /Q\d|20\d\d/);
});

test('detects a session that continues for another tenant', async () => {
  const { request } = await play(OWN, BEGUN, BEGUN);
  assert.equal(request.checks.isolation, false);
  assert.equal(request.objection, `continues the conversation of ${OTHER}`);
  assert.equal(request.failure, null);
  // A conversation that goes on in part, or in nothing.
  for (const quarters of [['2025-Q4', '2025-Q3'], []])
    assert.equal((await play(OWN, BEGUN, { quarters })).request.checks.isolation, false);
});

test('does not judge conversations that look the same', async () => {
  for (const steps of [
    [OWN, OWN, OWN],
    [{ quarters: [] }, BEGUN, { quarters: [] }],
    [{ quarters: [] }, { quarters: [] }, { quarters: [] }],
  ]) {
    const { checks, failure } = (await play(...steps)).request;
    assert.deepEqual([checks, failure], [{ soundness: true }, null]);
  }
});

test('a denial is a correct answer', async () => {
  for (const status of [400, 403, 404, 409]) {
    const parts = { ...FAILED, status, failure: `status ${status}`, values: { endedMs: 12 } };
    const { request } = await play(OWN, BEGUN, { parts });
    assert.deepEqual([request.failure, request.checks], [null, { isolation: true }]);
    assert.deepEqual(request.values, { endedMs: 12, latencyMs: 12 });
  }
});

test('returns the step that fails and asks no more', async () => {
  const failing = { parts: FAILED };
  for (const steps of [[failing], [OWN, failing], [OWN, BEGUN, failing]]) {
    const { request, asked } = await play(...steps);
    assert.equal(asked.length, steps.length);
    assert.deepEqual(request, observed(failing));
  }
  // A denial of the tenant's own conversation is a failure.
  const parts = { ...FAILED, status: 404, failure: 'status 404' };
  assert.equal((await play({ parts })).request.failure, 'status 404');
});

test('returns the step whose answer is foreign', async () => {
  const parts = { checks: { isolation: false }, objection: `answer of ${OTHER}` };
  for (const steps of [[{ parts }], [OWN, { parts }], [OWN, BEGUN, { parts }]]) {
    const { request, asked } = await play(...steps);
    assert.equal(asked.length, steps.length);
    assert.deepEqual([request.checks, request.objection], [{ isolation: false }, parts.objection]);
  }
});

test('requires another tenant', async () => {
  const ask = async (): Promise<ObservedRequest> => assert.fail('nothing is to be asked');
  const { otherTenant: _, ...alone } = OPTIONS;
  for (const options of [alone, { ...alone, otherTenant: TENANT }])
    await assert.rejects(askForeignSession(ask, options), RangeError);
});
