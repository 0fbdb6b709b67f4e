import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { traceparent, withNonce } from './questions.ts';

const PLACE = fc.record(
  {
    scope: fc.stringMatching(/^[0-9a-f]{8}$/),
    index: fc.integer({ min: 0, max: 999_999_999 }),
  },
  { noNullPrototype: true },
);

test('the nonce has the form that the AI mock looks for', () => {
  assert.equal(
    withNonce('What is Q3 revenue?', { scope: '5f3a9c1e', index: 17 }),
    'What is Q3 revenue? [ref:5f3a9c1e-17]',
  );
  const property = fc.property(fc.string(), PLACE, (question, place) => {
    const [, scope, index] =
      /\[ref:([0-9a-f]{8})-(\d{1,9})\]$/.exec(withNonce(question, place)) ?? [];
    assert.deepEqual({ scope, index: Number(index) }, place);
  });
  fc.assert(property, { seed: 1 });
});

test('the traceparent follows W3C Trace Context and has the same information', () => {
  assert.equal(
    traceparent({ scope: '5f3a9c1e', index: 17 }),
    '00-5f3a9c1e000000000000000000000011-0000000000000012-01',
  );
  const property = fc.property(PLACE, (place) => {
    const [, scope, index, parent] =
      /^00-([0-9a-f]{8})0{8}([0-9a-f]{16})-([0-9a-f]{16})-01$/.exec(traceparent(place)) ?? [];
    assert.deepEqual({ scope, index: Number.parseInt(index ?? '', 16) }, place);
    // A parent id of zeros is invalid.
    assert.ok(Number.parseInt(parent ?? '', 16) > 0);
  });
  fc.assert(property, { seed: 1 });
});
