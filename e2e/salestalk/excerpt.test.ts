import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CANARY } from './answerChecks.ts';
import { describeExcerpt, makeExcerpt, redactToken } from './excerpt.ts';
import { ASKED, errorBody, exchangeOf, streamEvents, streamOf } from './testing/exchanges.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJ0ZW5hbnRJZCI6ImFjbWUifQ.c2lnbmF0dXJl';
const describeBody = (body: unknown, parts = {}) => describeExcerpt(exchangeOf(body, parts), ASKED);

test('shows status, keys and the beginning of the answer', () => {
  assert.equal(
    describeBody({ detail: 'model failed', code: 7 }, { status: 500 }),
    'status 500, keys detail, code: {"detail":"model failed","code":7}',
  );
  assert.equal(describeBody('', { status: 504 }), 'status 504, no body');
  assert.equal(describeBody('[1]', { status: 502 }), 'status 502, JSON, but no object: [1]');
  const headers = { 'content-type': 'text/html' };
  assert.equal(
    describeBody('<h1>Bad Gateway</h1>', { status: 502, headers }),
    'status 502, no JSON (text/html): <h1>Bad Gateway</h1>',
  );
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`k${at}`, at]));
  assert.match(describeBody(many), /^status 200, keys k0, k1, k2, k3, k4, k5, k6, k7 and 3 more: /);
});

test('shows the last line of a stream, which reports a failure', () => {
  const exchange = streamOf([...streamEvents().slice(0, 2), { type: 'error', code: 3 }]);
  assert.equal(
    describeExcerpt(exchange, { ...ASKED, streamed: true }),
    'status 200, last line of the stream, keys type, code: {"type":"error","code":3}',
  );
});

test('shows at most 200 printable characters', () => {
  assert.equal(makeExcerpt('a b '.repeat(100)).length, 201);
  assert.equal(
    makeExcerpt('red \u001b[31m\r\n\t\u202e\u0085end'),
    'red \\u{1b}[31m\\r\\n\\t\\u{202e}\\u{85}end',
  );
});

test('shows only the start of a secret wherever the excerpt is cut', () => {
  for (const secret of [
    `Bearer ${'x'.repeat(30)}`,
    JWT,
    'http://10.0.0.7:11434/api/generate?key=abc',
    'bedrock-runtime.eu-west-1.amazonaws.com',
    'connect [fd00::17:aa]:11434',
    '127.0.0.1:54321',
    'AKIAIOSFODNN7EXAMPLE',
    'c2stbGl2ZS0'.repeat(5),
    CANARY,
  ]) {
    for (const before of [0, 100, 180, 195]) {
      const text = `${'a '.repeat(before / 2)}${secret} end`;
      const shown = makeExcerpt(JSON.stringify({ text }));
      assert.equal(shown.includes(secret.slice(0, 30)), false, shown);
    }
  }
  const { token } = ASKED;
  assert.equal(describeBody(errorBody()).includes(token), false);
  const leaked = describeBody({ [token]: token, message: `for ${token}` });
  assert.equal(leaked.includes(token), false, leaked);
  assert.match(leaked, /\[token\]/);
});

const [HEADER, CLAIMS, SIGNATURE] = ['eyJhbGciOiJIUzI1NiJ9', 'eyJ0ZW5hbnRJZCI6ImFjbWUifQ', 'c2ln'];
const TOKEN = `${HEADER}.${CLAIMS}.${SIGNATURE}`;

test('removes a token and its parts everywhere', () => {
  assert.equal(redactToken(`a ${TOKEN} b ${TOKEN}`, TOKEN), 'a [token] b [token]');
  assert.equal(redactToken(`${HEADER}.${CLAIMS}.`, TOKEN), '[token].[token].');
});

test('keeps a part of a token that is as short as a word', () => {
  assert.equal(redactToken('status 502, c2ln', TOKEN), 'status 502, c2ln');
  assert.equal(redactToken('a.b', ''), 'a.b');
});

test('cuts a long text and leaves no piece of a token at the cut', () => {
  assert.equal(redactToken('x'.repeat(10_000), TOKEN).length, 200);
  assert.ok(!redactToken(`${'x'.repeat(190)}${TOKEN}`, TOKEN).includes('eyJ'));
});
