import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remembering } from './answerPrompt.ts';

test('what was made of a text is made once', () => {
  const asked: string[] = [];
  const upper = remembering((text) => {
    asked.push(text);
    return { text: text.toUpperCase() };
  }, 10);
  const first = upper('revenue');
  assert.equal(upper('revenue'), first);
  assert.deepEqual(upper('margin'), { text: 'MARGIN' });
  assert.deepEqual(asked, ['revenue', 'margin']);
});

test('of more texts than it may remember the oldest are made anew', () => {
  const asked: string[] = [];
  const length = remembering((text) => {
    asked.push(text);
    return text.length;
  }, 2);
  for (const text of ['a', 'bb', 'ccc', 'bb', 'a']) assert.equal(length(text), text.length);
  assert.deepEqual(asked, ['a', 'bb', 'ccc', 'a']);
});
