import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASKED, errorBody, exchangeOf, referenceOf, streamOf } from '../testing/exchanges.ts';
import { CANARY, objectionToSecrecy } from './objectionToSecrecy.ts';

const inMessage = (message: string) =>
  objectionToSecrecy(exchangeOf({ ...errorBody(), message }, { status: 502 }), ASKED);

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

test('of several secrets one is told, and none is repeated', () => {
  const leaky = `POST http://127.0.0.1:11434: ${CANARY} (Authorization: Bearer ${JWT})`;
  assert.equal(inMessage(leaky), 'gives away what the model said');
  for (const part of [CANARY, JWT, '127.0.0.1']) assert.ok(!inMessage(leaky)?.includes(part), part);
});

test('a secret is found wherever in the answer it stands', () => {
  const bodies = [
    { ...errorBody(), detail: { cause: CANARY } },
    { ...errorBody(), [CANARY]: true },
    `<pre>${CANARY}</pre>`,
    `{"type":"narrative_chunk","text":"${CANARY}"}\n${JSON.stringify(errorBody())}`,
  ];
  for (const body of bodies)
    assert.equal(objectionToSecrecy(exchangeOf(body), ASKED), 'gives away what the model said');
});

test("a stream that fails has shown the caller's own figures, which are no secret", () => {
  const early = (tenant: string) =>
    objectionToSecrecy(
      streamOf([
        { type: 'data_retrieval_complete', dataReferences: [referenceOf(tenant)] },
        { type: 'error', ...errorBody() },
      ]),
      ASKED,
    );
  assert.equal(early(ASKED.tenant), null);
  assert.equal(early('tenant-0001'), 'gives away a table, tenant-tenant-0001-metrics');
});

test('ordinary texts give nothing away', () => {
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
  assert.equal(objectionToSecrecy(exchangeOf('', { status: 504 }), ASKED), null);
});

test('without a token every text would repeat it', () => {
  const exchange = exchangeOf(errorBody(), { status: 502 });
  assert.equal(objectionToSecrecy(exchange, { ...ASKED, token: '' }), null);
});

test('a text made to hold up a search takes no more time than any other of its length', () => {
  const length = 60_000;
  const msOf = (unit: string): number => {
    const body = unit.repeat(Math.ceil(length / unit.length));
    const startMs = performance.now();
    objectionToSecrecy(exchangeOf(body, { status: 502 }), ASKED);
    return performance.now() - startMs;
  };
  const plainMs = Math.min(...Array.from({ length: 5 }, () => msOf('plain words. ')));
  // Quadratic, each of these took thousands of times as long.
  for (const unit of ['[:', '[::::', 'a-', 'A', 'Aa', 'at ', 'at a', 'bearer ', '1.', ' ']) {
    const ms = Math.min(...Array.from({ length: 5 }, () => msOf(unit)));
    assert.ok(ms < 200 * plainMs + 20, `${JSON.stringify(unit)}: ${ms} ms, others ${plainMs} ms`);
  }
});
