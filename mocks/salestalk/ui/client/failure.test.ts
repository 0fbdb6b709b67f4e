import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatFailure, toChatFailure } from './failure.ts';

const begun = { onLine: true, answering: true };
const asked = { onLine: true, answering: false };

test('a known failure stays the same', () => {
  const stopped = new ChatFailure('stopped');
  assert.equal(toChatFailure(stopped, { onLine: false, answering: true }), stopped);
});

test('a network failure is named by the time when it happened', () => {
  const cause = new TypeError('Failed to fetch');
  assert.equal(toChatFailure(cause, asked).kind, 'unreachable');
  assert.equal(toChatFailure(cause, begun).kind, 'interrupted');
  assert.equal(toChatFailure(cause, { onLine: false, answering: false }).kind, 'offline');
});

test('an invalid answer is unreadable', () => {
  assert.equal(toChatFailure(new SyntaxError('Unexpected token'), begun).kind, 'unreadable');
  assert.equal(toChatFailure(new RangeError('too long'), begun).kind, 'unreadable');
});
