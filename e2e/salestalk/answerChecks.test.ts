import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimedExchange } from '../probes/httpClient.ts';
import {
  CANARY,
  type Checked,
  checkAnswer,
  checkErrorBody,
  checkLeaks,
  soundClassification,
} from './answerChecks.ts';
import { KnownFigures, KnownSessions } from './checkOwnership.ts';
import { chatOutcome, classifyOutcome, narrativeOutcome } from './outcome.ts';
import { withNonce } from './questions.ts';
import {
  ASKED,
  chatBody,
  classifyBody,
  errorBody,
  exchangeOf,
  referenceOf,
  streamEvents,
  streamEventsWithId,
  streamOf,
} from './testing/exchanges.ts';

const unknown = () => ({ figures: new KnownFigures(), sessions: new KnownSessions() });
const OTHER = 'techstart-inc-002';
const STREAM = { ...ASKED, streamed: true };

const checkClassify = (body: unknown, parts: Partial<TimedExchange> = {}): Checked => {
  const exchange = exchangeOf(body, parts);
  return checkAnswer(exchange, ASKED, classifyOutcome(exchange), unknown());
};
const checkChat = (body: unknown, known = unknown()): Checked => {
  const exchange = exchangeOf(body);
  return checkAnswer(exchange, ASKED, chatOutcome(exchange), known);
};
const checkStream = (events: unknown[], parts: Partial<TimedExchange> = {}): Checked => {
  const exchange = streamOf(events, parts);
  return checkAnswer(exchange, STREAM, narrativeOutcome(exchange), unknown());
};

const GOOD = { checks: { isolation: true, soundness: true }, objection: null };
const foreign = (objection: string): Checked => ({
  checks: { isolation: false, soundness: false },
  objection,
});

test('a good answer passes all checks of an answer and no others apply', () => {
  assert.deepEqual(checkClassify(classifyBody()), GOOD);
  assert.deepEqual(checkChat(chatBody()), GOOD);
  assert.deepEqual(checkStream(streamEvents()), GOOD);
});

test('an answer of another tenant, table or request is a failed check, not a failed request', () => {
  const reference = referenceOf(OTHER);
  assert.deepEqual(
    checkClassify({ ...classifyBody(), tenantId: OTHER }),
    foreign(`answer of ${OTHER}`),
  );
  const response = `Revenue. ${withNonce('And Q4?', { scope: '5f3a9c1e', index: 18 })}`;
  assert.deepEqual(checkChat({ ...chatBody(), response }), foreign('answer to another request'));
  const early = streamEvents().map((event) =>
    event.type === 'narrative_chunk' ? { ...event, text: response } : event,
  );
  assert.deepEqual(checkStream(early), foreign('answer to another request'));
  const table = foreign(`figures from tenant-${OTHER}-metrics`);
  const dataReferences = [referenceOf(ASKED.tenant), reference];
  assert.deepEqual(checkChat({ ...chatBody(), dataReferences }), table);
  assert.deepEqual(
    checkChat({ ...chatBody(), response: `As tenant-${OTHER}-metrics says` }),
    table,
  );
  const foreignTable = streamEvents().map((event) =>
    event.type === 'data_retrieval_complete' ? { ...event, dataReferences: [reference] } : event,
  );
  assert.deepEqual(checkStream(foreignTable), table);
});

test("a replaced request id and the request's own nonce do not make an answer foreign", () => {
  const requestId = 'of-the-gateway';
  const response = `Revenue. ${withNonce('And Q4?', ASKED.place)}`;
  assert.deepEqual(checkClassify({ ...classifyBody(), requestId }), GOOD);
  assert.deepEqual(checkChat({ ...chatBody(), requestId, response }), GOOD);
  for (const place of streamEvents().keys()) {
    assert.deepEqual(checkStream(streamEventsWithId(requestId, place)), GOOD, `event ${place}`);
  }
});

test('shows no text of an answer in place of a name', () => {
  const tenantId = `${ASKED.token}\u001b[2J`;
  const table = 'Somebody Else';
  const source = { ...referenceOf(ASKED.tenant).source, table };
  const dataReferences = [{ ...referenceOf(ASKED.tenant), source }];
  assert.equal(
    checkClassify({ ...classifyBody(), tenantId }).objection,
    'answer of another tenant',
  );
  assert.equal(
    checkChat({ ...chatBody(), dataReferences }).objection,
    'figures from another tenant',
  );
});

test('recognises a session or a figure of another tenant', () => {
  const known = unknown();
  known.sessions.check(OTHER, 'session-1');
  assert.deepEqual(checkChat(chatBody(), known), foreign(`session of ${OTHER}`));
  const figures = unknown();
  figures.figures.check(OTHER, [referenceOf(OTHER, { value: 820_000 })]);
  const dataReferences = (value: number) => [referenceOf(ASKED.tenant, { value })];
  const asking = (value: number) =>
    checkChat({ ...chatBody(), dataReferences: dataReferences(value) }, figures);
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
  assert.deepEqual(checkChat(empty), { checks: { soundness: true }, objection: null });
});

test('objects to unknown words and to confidences outside 0 to 1', () => {
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
    assert.deepEqual(checkClassify(changed), {
      checks: { isolation: true, soundness: false },
      objection: `classification → ${place} makes no sense`,
    });
  }
  const { components: _, ...confidence } = classification.confidence;
  assert.deepEqual(
    checkClassify({ ...body, classification: { ...classification, confidence } }),
    GOOD,
  );
});

test('accepts a failure in the form of the contract, in one piece and at the end of a stream', () => {
  const held = { checks: { contract: true, secrecy: true, soundness: true }, objection: null };
  assert.deepEqual(checkClassify(errorBody(), { status: 502 }), held);
  assert.deepEqual(checkStream([errorBody()], { status: 502 }), held);
  const failed = [...streamEvents().slice(0, 6), { type: 'error', ...errorBody() }];
  assert.deepEqual(checkStream(failed), held);
});

test('nonsense under status 200 is neither an answer nor a failure of the contract', () => {
  const formless = (objection: string): Checked => ({
    checks: { contract: false, secrecy: true, soundness: false },
    objection,
  });
  const { classification } = classifyBody();
  const confidence = { overall: 85 };
  const percent = { ...classifyBody(), classification: { ...classification, confidence } };
  assert.deepEqual(checkClassify(percent), formless('status 200'));
  assert.deepEqual(checkClassify(''), formless('status 200'));
  // The form of a stream's last line, where no stream was asked for.
  assert.deepEqual(checkClassify({ type: 'error', ...errorBody() }), formless('status 200'));
  assert.deepEqual(
    checkStream(streamEvents().slice(0, 6)),
    formless('not in the form of the contract'),
  );
});

test('checks form and secrecy separately', () => {
  const message = 'POST http://localhost:11434/api/generate failed';
  assert.deepEqual(checkClassify({ ...errorBody(), message }, { status: 502 }), {
    checks: { contract: true, secrecy: false, soundness: true },
    objection: 'leaks an address',
  });
  assert.deepEqual(checkClassify({ ...errorBody(), message }, { status: 500 }), {
    checks: { contract: false, secrecy: false, soundness: false },
    objection: 'status 500; leaks an address',
  });
});

test('a stream that was cut off breaks the contract even if its last line looks right', () => {
  const events = [...streamEvents().slice(0, 6), { type: 'error', ...errorBody() }];
  assert.deepEqual(checkStream(events, { failure: 'ECONNRESET', durationMs: null }), {
    checks: { contract: false, secrecy: true, soundness: false },
    objection: 'broke off: ECONNRESET',
  });
});

test('does not check the form for a caller who disconnected', () => {
  const nothing = { checks: { soundness: false }, objection: 'timeout' };
  const left = { failure: 'timeout', durationMs: null };
  assert.deepEqual(checkClassify('', { ...left, status: null, firstByteMs: null }), nothing);
  assert.deepEqual(checkStream(streamEvents().slice(0, 3), left), nothing);
});

test('a connection that breaks off before an answer breaks the contract', () => {
  const broken = { durationMs: null, failure: 'ECONNRESET', status: null, firstByteMs: null };
  assert.deepEqual(checkClassify('', broken), {
    checks: { soundness: false, contract: false },
    objection: 'ECONNRESET',
  });
});

const SOUND = {
  intent: 'what',
  subject: 'revenue',
  measure: 'revenue',
  confidence: { overall: 0.85, components: { intent: 0.9 } },
};

const isSound = (change: object) => soundClassification.safeParse({ ...SOUND, ...change }).success;

// Written out once more, so that a word that is lost from one of the two lists is noticed.
const WORDS: Record<'intent' | 'subject' | 'measure', string[]> = {
  intent: [
    ...['what', 'why', 'compare', 'trend', 'forecast'],
    ...['rank', 'breakdown', 'target', 'correlation', 'anomaly'],
  ],
  subject: [
    ...['revenue', 'margin', 'profit', 'customers', 'orders', 'sales', 'marketing'],
    ...['products', 'regions', 'segments', 'reps', 'productLines', 'timePeriods'],
  ],
  measure: [
    ...['revenue', 'mrr', 'arr', 'gm', 'gm_pct', 'gross_profit', 'customer_count', 'churn_rate'],
    ...['ltv', 'nps', 'cac', 'arpu', 'order_count', 'aov', 'return_rate', 'pipeline_value'],
    ...['win_rate', 'deal_count', 'conversion_rate', 'signup_count', 'lead_count', 'margin_pct'],
    'op_margin_pct',
  ],
};

test('accepts every word of the vocabulary in its field', () => {
  const counts = Object.values(WORDS).map((words) => new Set(words).size);
  assert.deepEqual(counts, [10, 13, 23]);
  for (const [place, words] of Object.entries(WORDS))
    for (const word of words) assert.ok(isSound({ [place]: word }), `${place} ${word}`);
});

test('rejects a word of another field and a similar word', () => {
  for (const [place, words] of Object.entries(WORDS)) {
    const elsewhere = Object.values(WORDS)
      .flat()
      .filter((word) => !words.includes(word));
    const near = words.flatMap((word) => [word.toUpperCase(), `${word} `, `${word}s`]);
    for (const word of [...elsewhere, ...near, '', null, 7])
      assert.ok(!isSound({ [place]: word }), `${place} ${word}`);
    assert.ok(!isSound({ [place]: undefined }), place);
  }
});

const whole = (body: unknown, status = 502) => checkErrorBody(exchangeOf(body, { status }), ASKED);
const streamed = (...events: unknown[]) =>
  checkErrorBody(streamOf(events), { ...ASKED, streamed: true });

const { error, message, requestId } = errorBody();
const ERROR_EVENT = { type: 'error', ...errorBody() };

test('accepts 502 with error, message and a request id, also one of a gateway', () => {
  assert.equal(whole(errorBody()), null);
  assert.equal(whole({ ...errorBody(), retryable: false }), null);
  for (const body of [
    '',
    'Bad Gateway',
    '<html></html>',
    {},
    { error, message },
    { message, requestId },
    { error, requestId },
    { ...errorBody(), message: '' },
    { ...errorBody(), error: { code: error } },
    [errorBody()],
  ])
    assert.equal(whole(body), 'not in the form of the contract', JSON.stringify(body));
  assert.equal(whole({ ...errorBody(), requestId: 'of-the-gateway' }), null);
  for (const other of ['InternalServerError', 'ThrottlingException', 'Bearer abc'])
    assert.equal(
      whole({ ...errorBody(), error: other }),
      'another error than the one for the model',
    );
});

test('accepts no status but 502 for a failure', () => {
  for (const status of [200, 204, 302, 400, 401, 429, 500, 503, 504]) {
    assert.equal(whole(errorBody(), status), `status ${status}`);
    assert.equal(whole('', status), `status ${status}`);
  }
});

test('accepts a stream that ends in an error event', () => {
  assert.equal(streamed(ERROR_EVENT), null);
  assert.equal(streamed(...streamEvents().slice(0, 5), ERROR_EVENT), null);
  assert.equal(
    streamed(...streamEvents().slice(0, 5), { ...ERROR_EVENT, requestId: 'of-the-gateway' }),
    null,
  );
  const formless = 'not in the form of the contract';
  assert.equal(streamed(), formless);
  assert.equal(streamed(...streamEvents().slice(0, 5)), formless);
  assert.equal(streamed(ERROR_EVENT, streamEvents()[5]), formless);
  assert.equal(streamed(errorBody()), formless);
  assert.equal(streamed({ type: 'error', requestId }), formless);
});

const inMessage = (message: string) =>
  checkLeaks(exchangeOf({ ...errorBody(), message }, { status: 502 }), ASKED);

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJ0ZW5hbnRJZCI6ImFjbWUifQ.c2lnbmF0dXJl';

for (const [what, messages] of Object.entries({
  'what the model said': [`model: {"error":"${CANARY}"}`],
  "the caller's token": [`for ${ASKED.token}`],
  'an address': [
    'POST http://localhost:11434/api/generate: 503',
    'HTTPS://bedrock-runtime.us-east-1.amazonaws.com/model',
    'getaddrinfo for bedrock-runtime.eu-west-1.amazonaws.com',
  ],
  'a host and port': [
    'connect 127.0.0.1:11434',
    'localhost:8080 is down',
    '10.0.12.7:443',
    'connect [::1]:11434',
    'ollama:11434 said no',
  ],
  'a bearer token': [`Authorization: Bearer ${'x'.repeat(16)}`, `bearer ${'a1.'.repeat(9)}`],
  'a token': [JWT, `token="${JWT}"`, JWT.slice(0, 20)],
  'an exception of the provider': [
    'ThrottlingException: Too many requests',
    'botocore: ModelTimeoutException',
    'ServiceUnavailableException',
  ],
  'an error of the network': ['read ECONNRESET', 'connect ECONNREFUSED', 'ETIMEDOUT', 'EAI_AGAIN'],
  'an error of its code': ['TypeError: fetch failed', "KeyError: 'response'"],
  'a place in its code': [
    'Traceback (most recent call last)',
    'handler.py:88',
    'Failed at classify (index)',
  ],
  'a table, tenant-techstart-inc-002-metrics': ['no such row in tenant-techstart-inc-002-metrics'],
})) {
  test(`finds ${what}`, () => {
    for (const message of messages) assert.equal(inMessage(message), `leaks ${what}`, message);
  });
}

test('reports one of several secrets and repeats none', () => {
  const leaky = `POST http://127.0.0.1:11434: ${CANARY} (Authorization: Bearer ${JWT})`;
  assert.equal(inMessage(leaky), 'leaks what the model said');
  for (const part of [CANARY, JWT, '127.0.0.1']) assert.ok(!inMessage(leaky)?.includes(part), part);
});

test('finds a secret anywhere in the answer', () => {
  const bodies = [
    { ...errorBody(), detail: { cause: CANARY } },
    { ...errorBody(), [CANARY]: true },
    `<pre>${CANARY}</pre>`,
    `{"type":"narrative_chunk","text":"${CANARY}"}\n${JSON.stringify(errorBody())}`,
  ];
  for (const body of bodies)
    assert.equal(checkLeaks(exchangeOf(body), ASKED), 'leaks what the model said');
});

test("a stream that fails has shown the caller's own figures, which are no secret", () => {
  const early = (tenant: string) =>
    checkLeaks(
      streamOf([
        { type: 'data_retrieval_complete', dataReferences: [referenceOf(tenant)] },
        { type: 'error', ...errorBody() },
      ]),
      ASKED,
    );
  assert.equal(early(ASKED.tenant), null);
  assert.equal(early('tenant-0001'), 'leaks a table, tenant-tenant-0001-metrics');
});

test('ordinary texts leak nothing', () => {
  for (const message of [
    'The AI provider could not answer.',
    'Something went wrong on our side.',
    'A bearer token is required.',
    'The bearer of bad news: no answer today.',
    'Please try again at 10:30, or in 2 minutes.',
    'The ratio was 3:1000 and the score 12:50.',
    'AIProviderError',
    'InternalServerError',
    'With one exception, all of Q3 is there. Exceptions: none.',
    'Revenue of tenants and metrics, in EUR, at most.',
    'See the docs of SalesTalk, page 12.',
    'Request 0f3c6a52-1f3a-4f0e-9f5c-6a1f0e9f5c6a failed (code 502).',
    'Version 2.14.0, 2026-02-01T00:00:04.000Z',
    'Time-out after 8000 ms.',
    'Der Dienst ist zur Zeit nicht erreichbar – später noch einmal versuchen.',
  ])
    assert.equal(inMessage(message), null, message);
  assert.equal(checkLeaks(exchangeOf('', { status: 504 }), ASKED), null);
});

test('ignores an empty token', () => {
  const exchange = exchangeOf(errorBody(), { status: 502 });
  assert.equal(checkLeaks(exchange, { ...ASKED, token: '' }), null);
});

test('searches a hostile text as fast as any other of its length', () => {
  const length = 60_000;
  const msOf = (unit: string): number => {
    const body = unit.repeat(Math.ceil(length / unit.length));
    const startMs = performance.now();
    checkLeaks(exchangeOf(body, { status: 502 }), ASKED);
    return performance.now() - startMs;
  };
  const plainMs = Math.min(...Array.from({ length: 5 }, () => msOf('plain words. ')));
  // A quadratic search takes thousands of times as long; a busy machine stretches the bounded one.
  for (const unit of ['[:', '[::::', 'a-', 'A', 'Aa', 'at ', 'at a', 'bearer ', '1.', ' ']) {
    const ms = Math.min(...Array.from({ length: 5 }, () => msOf(unit)));
    assert.ok(ms < 500 * plainMs + 100, `${JSON.stringify(unit)}: ${ms} ms, others ${plainMs} ms`);
  }
});
