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
