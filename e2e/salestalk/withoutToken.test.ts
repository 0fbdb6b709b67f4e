import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutToken } from './withoutToken.ts';

const [HEADER, CLAIMS, SIGNATURE] = ['eyJhbGciOiJIUzI1NiJ9', 'eyJ0ZW5hbnRJZCI6ImFjbWUifQ', 'c2ln'];
const TOKEN = `${HEADER}.${CLAIMS}.${SIGNATURE}`;

test('a token goes, whole and in its parts, as often as it is there', () => {
  assert.equal(withoutToken(`a ${TOKEN} b ${TOKEN}`, TOKEN), 'a [token] b [token]');
  assert.equal(withoutToken(`${HEADER}.${CLAIMS}.`, TOKEN), '[token].[token].');
});

test('a part as short as a word stays', () => {
  assert.equal(withoutToken('status 502, c2ln', TOKEN), 'status 502, c2ln');
  assert.equal(withoutToken('a.b', ''), 'a.b');
});

test('what is long is cut, and no piece of a token is left at the cut', () => {
  assert.equal(withoutToken('x'.repeat(10_000), TOKEN).length, 200);
  assert.ok(!withoutToken(`${'x'.repeat(190)}${TOKEN}`, TOKEN).includes('eyJ'));
});
