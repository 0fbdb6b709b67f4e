import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimedExchange } from '../../probes/httpClient.ts';
import { chatOutcome, classifyOutcome, narrativeOutcome } from '../outcome.ts';
import { withNonce } from '../questions.ts';
import {
  ASKED,
  chatBody,
  classifyBody,
  errorBody,
  exchangeOf,
  referenceOf,
  streamEvents,
  streamOf,
} from '../testing/exchanges.ts';
import { type Checked, checkAnswer } from './checkAnswer.ts';
import { KnownFigures, KnownSessions } from './checkTenant.ts';

const unknown = () => ({ figures: new KnownFigures(), sessions: new KnownSessions() });
const OTHER = 'techstart-inc-002';
const STREAM = { ...ASKED, streamed: true };

const ofClassify = (body: unknown, parts: Partial<TimedExchange> = {}): Checked => {
  const exchange = exchangeOf(body, parts);
  return checkAnswer(exchange, ASKED, classifyOutcome(exchange), unknown());
};
const ofChat = (body: unknown, known = unknown()): Checked => {
  const exchange = exchangeOf(body);
  return checkAnswer(exchange, ASKED, chatOutcome(exchange), known);
};
const ofStream = (events: unknown[], parts: Partial<TimedExchange> = {}): Checked => {
  const exchange = streamOf(events, parts);
  return checkAnswer(exchange, STREAM, narrativeOutcome(exchange), unknown());
};

const GOOD = { checks: { isolation: true, soundness: true }, objection: null };
const foreign = (objection: string): Checked => ({
  checks: { isolation: false, soundness: false },
  objection,
});

test('a good answer passes all checks of an answer and no others apply', () => {
  assert.deepEqual(ofClassify(classifyBody()), GOOD);
  assert.deepEqual(ofChat(chatBody()), GOOD);
  assert.deepEqual(ofStream(streamEvents()), GOOD);
});

test('an answer of another tenant, table or request is a failed check, not a failed request', () => {
  const reference = referenceOf(OTHER);
  assert.deepEqual(
    ofClassify({ ...classifyBody(), tenantId: OTHER }),
    foreign(`answer of ${OTHER}`),
  );
  const response = `Revenue. ${withNonce('And Q4?', { scope: '5f3a9c1e', index: 18 })}`;
  assert.deepEqual(ofChat({ ...chatBody(), response }), foreign('answer to another request'));
  const early = streamEvents().map((event) =>
    event.type === 'narrative_chunk' ? { ...event, text: response } : event,
  );
  assert.deepEqual(ofStream(early), foreign('answer to another request'));
  const table = foreign(`figures from tenant-${OTHER}-metrics`);
  const dataReferences = [referenceOf(ASKED.tenant), reference];
  assert.deepEqual(ofChat({ ...chatBody(), dataReferences }), table);
  assert.deepEqual(ofChat({ ...chatBody(), response: `As tenant-${OTHER}-metrics says` }), table);
  const ofTable = streamEvents().map((event) =>
    event.type === 'data_retrieval_complete' ? { ...event, dataReferences: [reference] } : event,
  );
  assert.deepEqual(ofStream(ofTable), table);
});

test("a replaced request id and the request's own nonce do not make an answer foreign", () => {
  const requestId = 'of-the-gateway';
  const response = `Revenue. ${withNonce('And Q4?', ASKED.place)}`;
  assert.deepEqual(ofClassify({ ...classifyBody(), requestId }), GOOD);
  assert.deepEqual(ofChat({ ...chatBody(), requestId, response }), GOOD);
  for (const place of streamEvents().keys()) {
    const events = streamEvents().map((event, at) =>
      at === place ? { ...event, requestId } : event,
    );
    assert.deepEqual(ofStream(events), GOOD, `event ${place}`);
  }
});

test('does not repeat what an answer holds in place of a name', () => {
  const tenantId = `${ASKED.token}\u001b[2J`;
  const table = 'Somebody Else';
  const source = { ...referenceOf(ASKED.tenant).source, table };
  const dataReferences = [{ ...referenceOf(ASKED.tenant), source }];
  assert.equal(ofClassify({ ...classifyBody(), tenantId }).objection, 'answer of somebody else');
  assert.equal(ofChat({ ...chatBody(), dataReferences }).objection, 'figures from somebody else');
});

test('recognises a session or a figure of another tenant', () => {
  const known = unknown();
  known.sessions.check(OTHER, 'session-1');
  assert.deepEqual(ofChat(chatBody(), known), foreign(`session of ${OTHER}`));
  const figures = unknown();
  figures.figures.check(OTHER, [referenceOf(OTHER, { value: 820_000 })]);
  const dataReferences = (value: number) => [referenceOf(ASKED.tenant, { value })];
  const asking = (value: number) =>
    ofChat({ ...chatBody(), dataReferences: dataReferences(value) }, figures);
  assert.deepEqual(asking(2_500_000), GOOD);
  assert.deepEqual(asking(820_000), foreign(`revenue 2025-Q3 of ${OTHER}`));
});

test('accepts a new session with the named id and no other', () => {
  const known = unknown();
  known.sessions.check(OTHER, 'session-1');
  known.sessions.check(OTHER, 'session-2');
  const asked = { ...ASKED, foreignSessionId: 'session-1' };
  const answeredIn = (sessionId: string) => {
    const exchange = exchangeOf({ ...chatBody(), sessionId });
    return checkAnswer(exchange, asked, chatOutcome(exchange), known);
  };
  assert.deepEqual(answeredIn('session-1'), GOOD);
  assert.deepEqual(answeredIn('session-2'), foreign(`session of ${OTHER}`));
  assert.deepEqual(answeredIn('session-3'), GOOD);
});

test('does not judge the owner of an answer without figures', () => {
  const empty = { ...chatBody(), dataReferences: [] };
  assert.deepEqual(ofChat(empty), { checks: { soundness: true }, objection: null });
});

test('a classification with unknown words makes no sense', () => {
  const body = classifyBody();
  const { classification } = body;
  for (const [change, place] of [
    [{ intent: 'finance' }, 'intent'],
    [{ subject: 'weather' }, 'subject'],
    [{ measure: 'Revenue' }, 'measure'],
    [
      { confidence: { overall: 0.8, components: { intent: 90 } } },
      'confidence → components → intent',
    ],
    [
      { confidence: { overall: 0.8, components: { time: -0.1 } } },
      'confidence → components → time',
    ],
    [
      { confidence: { overall: 0.8, components: { time: null } } },
      'confidence → components → time',
    ],
  ] as const) {
    const changed = { ...body, classification: { ...classification, ...change } };
    assert.deepEqual(ofClassify(changed), {
      checks: { isolation: true, soundness: false },
      objection: `classification → ${place} makes no sense`,
    });
  }
  const { components: _, ...confidence } = classification.confidence;
  assert.deepEqual(
    ofClassify({ ...body, classification: { ...classification, confidence } }),
    GOOD,
  );
});

test('accepts a failure in the form of the contract, in one piece and at the end of a stream', () => {
  const held = { checks: { contract: true, secrecy: true, soundness: true }, objection: null };
  assert.deepEqual(ofClassify(errorBody(), { status: 502 }), held);
  assert.deepEqual(ofStream([errorBody()], { status: 502 }), held);
  const failed = [...streamEvents().slice(0, 6), { type: 'error', ...errorBody() }];
  assert.deepEqual(ofStream(failed), held);
});

test('nonsense under status 200 is neither an answer nor a failure of the contract', () => {
  const formless = (objection: string): Checked => ({
    checks: { contract: false, secrecy: true, soundness: false },
    objection,
  });
  const { classification } = classifyBody();
  const confidence = { overall: 85 };
  const percent = { ...classifyBody(), classification: { ...classification, confidence } };
  assert.deepEqual(ofClassify(percent), formless('status 200'));
  assert.deepEqual(ofClassify(''), formless('status 200'));
  // The form of a stream's last line, where no stream was asked for.
  assert.deepEqual(ofClassify({ type: 'error', ...errorBody() }), formless('status 200'));
  assert.deepEqual(
    ofStream(streamEvents().slice(0, 6)),
    formless('not in the form of the contract'),
  );
});

test('checks form and secrecy separately', () => {
  const message = 'POST http://localhost:11434/api/generate failed';
  assert.deepEqual(ofClassify({ ...errorBody(), message }, { status: 502 }), {
    checks: { contract: true, secrecy: false, soundness: true },
    objection: 'gives away an address',
  });
  assert.deepEqual(ofClassify({ ...errorBody(), message }, { status: 500 }), {
    checks: { contract: false, secrecy: false, soundness: false },
    objection: 'status 500; gives away an address',
  });
});

test('a stream that was cut off breaks the contract even if its last line looks right', () => {
  const events = [...streamEvents().slice(0, 6), { type: 'error', ...errorBody() }];
  assert.deepEqual(ofStream(events, { failure: 'ECONNRESET', durationMs: null }), {
    checks: { contract: false, secrecy: true, soundness: false },
    objection: 'broke off: ECONNRESET',
  });
});

test('does not check the form for a caller who disconnected', () => {
  const nothing = { checks: { soundness: false }, objection: 'timeout' };
  const left = { failure: 'timeout', durationMs: null };
  assert.deepEqual(ofClassify('', { ...left, status: null, firstByteMs: null }), nothing);
  assert.deepEqual(ofStream(streamEvents().slice(0, 3), left), nothing);
});

test('a connection that breaks off before an answer breaks the contract', () => {
  const broken = { durationMs: null, failure: 'ECONNRESET', status: null, firstByteMs: null };
  assert.deepEqual(ofClassify('', broken), {
    checks: { soundness: false, contract: false },
    objection: 'ECONNRESET',
  });
});
