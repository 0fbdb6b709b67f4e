import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ASKED,
  errorBody,
  exchangeOf,
  referenceOf,
  streamEvents,
  streamOf,
} from '../testing/exchanges.ts';
import { CANARY, checkErrorBody, checkLeaks } from './checkErrorAnswer.ts';

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

test('accepts no other status', () => {
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

test('a stream that fails before it begins has a status', () => {
  const asked = { ...ASKED, streamed: true };
  assert.equal(checkErrorBody(exchangeOf(errorBody(), { status: 502 }), asked), null);
  assert.equal(checkErrorBody(exchangeOf('', { status: 504 }), asked), 'status 504');
});

test('rejects an answer that broke off', () => {
  for (const parts of [{ status: 502 }, { status: 200 }]) {
    const exchange = exchangeOf(errorBody(), { ...parts, failure: 'UND_ERR_SOCKET' });
    assert.equal(checkErrorBody(exchange, ASKED), 'broke off: UND_ERR_SOCKET');
  }
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
  'where its code stands': [
    'Traceback (most recent call last)',
    'handler.py:88',
    'Failed at classify (index)',
  ],
  'a table, tenant-techstart-inc-002-metrics': ['no such row in tenant-techstart-inc-002-metrics'],
})) {
  test(`tells of ${what}`, () => {
    for (const message of messages) assert.equal(inMessage(message), `gives away ${what}`, message);
  });
}

test('reports one of several secrets and repeats none', () => {
  const leaky = `POST http://127.0.0.1:11434: ${CANARY} (Authorization: Bearer ${JWT})`;
  assert.equal(inMessage(leaky), 'gives away what the model said');
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
    assert.equal(checkLeaks(exchangeOf(body), ASKED), 'gives away what the model said');
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
  assert.equal(early('tenant-0001'), 'gives away a table, tenant-tenant-0001-metrics');
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
