import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModelJson } from './parseModelJson.ts';

const value = { a: 1, b: { c: '}' } };
const json = JSON.stringify(value);

test('JSON as it stands', () => {
  assert.deepEqual(parseModelJson(` ${json}\n`), { value, attempts: 1 });
});

test('JSON inside a Markdown fence', () => {
  for (const text of [
    `\`\`\`json\n${json}\n\`\`\``,
    `Here you are:\n\`\`\`\n${json}\n\`\`\`\nDone.`,
  ]) {
    assert.deepEqual(parseModelJson(text), { value, attempts: 2 });
  }
});

test('JSON between other words', () => {
  assert.deepEqual(parseModelJson(`Sure! ${json} Anything else?`), { value, attempts: 3 });
});

test('what is no JSON object is nothing', () => {
  for (const text of [
    '',
    'no idea',
    '{',
    '{"a": 1',
    '[1]',
    'null',
    '"text"',
    '```json\n{"a":\n```',
  ]) {
    assert.equal(parseModelJson(text), null, text);
  }
});
