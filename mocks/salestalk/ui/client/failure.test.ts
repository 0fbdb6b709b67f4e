import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatFailure, failureOf } from './failure.ts';

const begun = { onLine: true, answering: true };
const asked = { onLine: true, answering: false };

test('a failure that is known stays what it is', () => {
  const stopped = new ChatFailure('stopped');
  assert.equal(failureOf(stopped, { onLine: false, answering: true }), stopped);
});

test('a network that fails is told apart by when it did', () => {
  const cause = new TypeError('Failed to fetch');
  assert.equal(failureOf(cause, asked).kind, 'unreachable');
  assert.equal(failureOf(cause, begun).kind, 'interrupted');
  assert.equal(failureOf(cause, { onLine: false, answering: false }).kind, 'offline');
});

test('an answer that makes no sense is unreadable', () => {
  assert.equal(failureOf(new SyntaxError('Unexpected token'), begun).kind, 'unreadable');
  assert.equal(failureOf(new RangeError('too long'), begun).kind, 'unreadable');
});
