import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeClassification } from './answerView.ts';

test('a classification is shown in plain words', () => {
  assert.deepEqual(
    describeClassification({
      intent: 'compare',
      subject: 'productLines',
      measure: 'churn_rate',
      period: '2025-Q3',
      confidence: 0.85,
    }),
    [
      ['You want', 'A comparison'],
      ['About', 'Product lines'],
      ['Measure', 'Churn rate'],
      ['Period', 'Q3 2025'],
      ['Confidence', 'High (85%)'],
    ],
  );
});

test('abbreviations are spelled out and words outside the vocabulary stay readable', () => {
  const words = Object.fromEntries(
    describeClassification({
      intent: 'summarise',
      subject: 'constructor',
      measure: 'mrr',
      period: null,
      confidence: 0.699,
    }),
  );
  assert.deepEqual(words, {
    'You want': 'Summarise',
    About: 'Constructor',
    Measure: 'Monthly recurring revenue',
    Period: 'Not stated',
    Confidence: 'Low (70%)',
  });
});

test('unstated parts of a classification are left out', () => {
  const nothing = { intent: null, subject: null, measure: null, period: null, confidence: null };
  assert.deepEqual(describeClassification(nothing), [['Period', 'Not stated']]);
});
