import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimedExchange } from '../probes/httpClient.ts';
import { findOtherIds } from './observeRequest.ts';
import { chatOutcome, narrativeOutcome } from './outcome.ts';
import {
  ASKED,
  chatBody,
  errorBody,
  exchangeOf,
  streamEvents,
  streamEventsWithId,
  streamOf,
} from './testing/exchanges.ts';

const SENT = ASKED.requestId;
const OTHER = 'of-the-gateway';

const findChatIds = (body: object | string, parts: Partial<TimedExchange> = {}) => {
  const exchange = exchangeOf(body, parts);
  return findOtherIds(exchange, ASKED, chatOutcome(exchange).answer);
};
const header = (id?: string) => ({ headers: id === undefined ? {} : { 'x-request-id': id } });

test('reports nothing for an answer with the sent id', () => {
  assert.equal(findChatIds(chatBody()), undefined);
  assert.equal(findChatIds(chatBody(), header(`${OTHER}, ${SENT}`)), undefined);
  assert.equal(findChatIds(errorBody(), { status: 502 }), undefined);
});

test('reports ids that were replaced or left out', () => {
  const replaced = { ...chatBody(), requestId: OTHER };
  assert.deepEqual(findChatIds(replaced, header(OTHER)), { header: OTHER, body: OTHER });
  assert.deepEqual(findChatIds(chatBody(), header(OTHER)), { header: OTHER, body: SENT });
  assert.deepEqual(findChatIds(chatBody(), header()), { header: null, body: SENT });
  assert.deepEqual(findChatIds(replaced), { header: SENT, body: OTHER });
  const failed = findChatIds(
    { ...errorBody(), requestId: OTHER },
    { status: 502, ...header(OTHER) },
  );
  assert.deepEqual(failed, { header: OTHER, body: OTHER });
});

test('reports another id in any event of a stream', () => {
  for (const place of streamEvents().keys()) {
    const exchange = streamOf(streamEventsWithId(OTHER, place));
    const found = findOtherIds(exchange, ASKED, narrativeOutcome(exchange).answer);
    assert.deepEqual(found, { header: SENT, body: OTHER }, `event ${place}`);
  }
  const failure = { type: 'error', ...errorBody(), requestId: OTHER };
  const exchange = streamOf([...streamEvents().slice(0, 3), failure]);
  assert.deepEqual(findOtherIds(exchange, ASKED, null), { header: SENT, body: OTHER });
});

test("ignores answers that are not SalesTalk's, and never shows a token as an id", () => {
  assert.equal(findChatIds('<html>', { status: 504, ...header() }), undefined);
  assert.equal(findChatIds('', { status: null, ...header() }), undefined);
  const echoed = findChatIds(chatBody(), header(ASKED.token));
  assert.deepEqual(echoed, { header: '[token]', body: SENT });
});
