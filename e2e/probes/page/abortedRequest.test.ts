import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AbortedRequest, classifyAbort, type ResourceEntry } from './abortedRequest.ts';

const STREAM: AbortedRequest = {
  method: 'POST',
  status: 200,
  receivedBytes: 40,
  contentLengthBytes: null,
};
const READ: ResourceEntry = {
  url: 'http://127.0.0.1/',
  startAtMs: 1_800_000_000_000,
  responseEndMs: 100,
  isOpen: true,
  status: 200,
  encodedBodyBytes: 40,
  decodedBodyBytes: 40,
};

test("the page's own word decides: the whole size, none, no status", () => {
  assert.equal(classifyAbort(STREAM, READ), 'readToEnd');
  assert.equal(classifyAbort(STREAM, { ...READ, decodedBodyBytes: 0 }), 'aborted');
  assert.equal(classifyAbort(STREAM, { ...READ, status: 0 }), 'aborted');
  // All of it had arrived when the page cancelled, having read a part.
  assert.equal(classifyAbort(STREAM, { ...READ, decodedBodyBytes: 60 }), 'aborted');
});

test('without it, the announced length decides', () => {
  assert.equal(classifyAbort({ ...STREAM, contentLengthBytes: 40 }, null), 'readToEnd');
  assert.equal(classifyAbort({ ...STREAM, contentLengthBytes: 41 }, null), 'aborted');
  assert.equal(classifyAbort({ ...STREAM, contentLengthBytes: 41 }, READ), 'aborted');
});

test('sizes that another origin hides are no sizes, but its status is one', () => {
  const hidden = { ...READ, isOpen: false, encodedBodyBytes: 0, decodedBodyBytes: 0 };
  assert.equal(classifyAbort(STREAM, hidden), 'unknown');
  assert.equal(classifyAbort({ ...STREAM, contentLengthBytes: 40 }, hidden), 'readToEnd');
  assert.equal(classifyAbort(STREAM, { ...hidden, status: 0 }), 'aborted');
});

test('an empty body', () => {
  const empty = { ...STREAM, receivedBytes: 0 };
  const nothing = { ...READ, encodedBodyBytes: 0, decodedBodyBytes: 0 };
  assert.equal(classifyAbort(empty, nothing), 'unknown');
  assert.equal(classifyAbort({ ...empty, contentLengthBytes: 0 }, nothing), 'readToEnd');
  assert.equal(classifyAbort({ ...empty, status: 204 }, null), 'readToEnd');
  assert.equal(
    classifyAbort({ ...empty, method: 'HEAD', contentLengthBytes: 9 }, null),
    'readToEnd',
  );
  assert.equal(classifyAbort({ ...empty, status: null }, null), 'aborted');
});
