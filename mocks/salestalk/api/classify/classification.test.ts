import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classificationText } from '../../testing/fakeOllama.ts';
import { parseModelJson, readClassification } from './classification.ts';

test('a classification is read as the model wrote it, without unknown fields', () => {
  const { metadata, ...read } = readClassification(classificationText({ mood: 'good' }));
  assert.deepEqual(read, JSON.parse(classificationText()));
  assert.deepEqual(metadata, { parse_attempts: 1 });
});

test('a question without a time has an empty one', () => {
  for (const time of [undefined, null, {}, { period: null }, { period: ' ', granularity: '' }]) {
    assert.deepEqual(readClassification(classificationText({ time })).time, {});
  }
});

test('words outside the vocabulary and confidences outside [0, 1] are malformed', () => {
  const nonsense = [
    { intent: 'guess' },
    { subject: 'weather' },
    { measure: 'temperature' },
    { confidence: { overall: 1.2 } },
    { confidence: { overall: -0.1 } },
    { confidence: { overall: '0.9' } },
    { confidence: { overall: 0.9, components: { intent: 2 } } },
    { confidence: undefined },
  ];
  for (const change of nonsense) {
    const text = classificationText(change);
    assert.throws(() => readClassification(text), { reason: 'malformed' }, JSON.stringify(change));
  }
});

const value = { a: 1, b: { c: '}' } };
const json = JSON.stringify(value);

test('plain JSON is read', () => {
  assert.deepEqual(parseModelJson(` ${json}\n`), { value, attempts: 1 });
});

test('JSON inside a Markdown fence is read', () => {
  for (const text of [
    `\`\`\`json\n${json}\n\`\`\``,
    `Here you are:\n\`\`\`\n${json}\n\`\`\`\nDone.`,
  ]) {
    assert.deepEqual(parseModelJson(text), { value, attempts: 2 });
  }
});

test('JSON between other words is read', () => {
  assert.deepEqual(parseModelJson(`Sure! ${json} Anything else?`), { value, attempts: 3 });
});

test('a text without a JSON object gives null', () => {
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
