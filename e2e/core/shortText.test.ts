import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortText } from './shortText.ts';

test('text is cut with a mark once it is too long, and made plain first', () => {
  assert.equal(shortText('status 500', 10), 'status 500');
  assert.equal(shortText('status 5003', 10), 'status 50…');
  assert.equal(shortText(' a\n\u001b[31mb\t', 10), 'a [31mb');
  assert.equal(shortText('', 10), '');
});
