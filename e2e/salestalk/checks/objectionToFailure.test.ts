import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASKED, errorBody, exchangeOf, streamEvents, streamOf } from '../testing/exchanges.ts';
import { objectionToFailure } from './objectionToFailure.ts';

const whole = (body: unknown, status = 502) =>
  objectionToFailure(exchangeOf(body, { status }), ASKED);
const streamed = (...events: unknown[]) =>
  objectionToFailure(streamOf(events), { ...ASKED, streamed: true });

const { error, message, requestId } = errorBody();
const ERROR_EVENT = { type: 'error', ...errorBody() };

test('502 with error, message and an id of the request, be it that of a gateway', () => {
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

test('no other status will do, whatever the body says', () => {
  for (const status of [200, 204, 302, 400, 401, 429, 500, 503, 504]) {
    assert.equal(whole(errorBody(), status), `status ${status}`);
    assert.equal(whole('', status), `status ${status}`);
  }
});

test('a stream ends in an error event', () => {
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

test('a stream that fails before it began does so with a status', () => {
  const asked = { ...ASKED, streamed: true };
  assert.equal(objectionToFailure(exchangeOf(errorBody(), { status: 502 }), asked), null);
  assert.equal(objectionToFailure(exchangeOf('', { status: 504 }), asked), 'status 504');
});

test('one that broke off was not said to its end', () => {
  for (const parts of [{ status: 502 }, { status: 200 }]) {
    const exchange = exchangeOf(errorBody(), { ...parts, failure: 'UND_ERR_SOCKET' });
    assert.equal(objectionToFailure(exchange, ASKED), 'broke off: UND_ERR_SOCKET');
  }
});
