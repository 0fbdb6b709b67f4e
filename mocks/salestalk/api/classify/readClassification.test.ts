import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classificationText } from '../../testing/modelTexts.ts';
import { readClassification } from './readClassification.ts';

test('a classification is read as the model wrote it, less what we did not ask for', () => {
  const { metadata, ...read } = readClassification(classificationText({ mood: 'good' }));
  assert.deepEqual(read, JSON.parse(classificationText()));
  assert.deepEqual(metadata, { parse_attempts: 1 });
});

test('a question without a time has an empty one', () => {
  for (const time of [undefined, null, {}, { period: null }, { period: ' ', granularity: '' }]) {
    assert.deepEqual(readClassification(classificationText({ time })).time, {});
  }
});

test('words outside the vocabulary and confidences outside [0, 1] are nonsense', () => {
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
