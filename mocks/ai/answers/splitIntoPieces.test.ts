import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitIntoPieces } from './splitIntoPieces.ts';

test('joined, the pieces are the text', () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(splitIntoPieces(text).join(''), text)));
});

test('a piece is a few words', () => {
  assert.deepEqual(splitIntoPieces('Revenue in Q3 was $2.5M. Source: a table.'), [
    'Revenue in Q3 ',
    'was $2.5M. Source: ',
    'a table.',
  ]);
});

test('a long text comes in a few hundred pieces at most, and joined they are the text', () => {
  for (const length of [9_999, 10_000, 10_001, 1_000_003]) {
    const text = 'to €'.repeat(length).slice(0, length);
    const pieces = splitIntoPieces(text);
    assert.equal(pieces.join(''), text);
    if (length > 10_000) assert.ok(pieces.length <= 200, `${pieces.length} pieces`);
  }
});
