import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretsInUrl, shownUrl } from './secretsInUrl.ts';

test('passwords and the values of a query, as they are and not as the URL writes them', () => {
  const url = 'https://someone:p%40ss-of-length@shop.example/?key=a%2Bkey%20of%20some%20length&v=2';
  assert.deepEqual(secretsInUrl(url), ['p@ss-of-length', 'a+key of some length']);
  assert.deepEqual(secretsInUrl('https://shop.example/path/that/is/long#fragment'), []);
  assert.deepEqual(secretsInUrl(null), []);
});

test('a query is not shown', () => {
  assert.equal(shownUrl('https://shop.example/chat?key=secret#top'), 'https://shop.example/chat?…');
  assert.equal(shownUrl('https://shop.example/chat'), 'https://shop.example/chat');
});
