import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCallReference } from './callReference.ts';

const traceparent = '00-5f3a9c1e000000000000000000000011-00f067aa0ba902b7-01';
const byNonce = { scope: '5f3a9c1e', index: 17, matchedBy: 'nonce' };

test('reads the nonce anywhere in the prompt', () => {
  assert.deepEqual(
    readCallReference('Question: What is Q3 revenue? [ref:5f3a9c1e-17]\nAnswer:', null),
    byNonce,
  );
});

test('of several nonces the last counts', () => {
  const prompt = 'Earlier: Why? [ref:5f3a9c1e-16]\nQuestion: What? [ref:5f3a9c1e-17]';
  assert.deepEqual(readCallReference(prompt, null), byNonce);
});

test('reads traceparent where the prompt has no nonce', () => {
  assert.deepEqual(readCallReference('Narrative.', traceparent), {
    ...byNonce,
    matchedBy: 'traceparent',
  });
  assert.deepEqual(
    readCallReference('[ref:5f3a9c1e-17]', traceparent.replace('11-', '12-')),
    byNonce,
  );
});

test('anything else is no measured request', () => {
  for (const prompt of ['', '[ref:5F3A9C1E-17]', '[ref:5f3a9c1-17]', '[ref:5f3a9c1e-1234567890]'])
    assert.equal(readCallReference(prompt, null), null, prompt);
  for (const header of [
    '',
    'garbage',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-5f3a9c1e00000000ffffffffffffffff-00f067aa0ba902b7-01',
  ])
    assert.equal(readCallReference('', header), null, header);
});
