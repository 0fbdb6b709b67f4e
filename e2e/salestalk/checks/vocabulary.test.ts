import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soundClassification } from './vocabulary.ts';

const SOUND = {
  intent: 'what',
  subject: 'revenue',
  measure: 'revenue',
  confidence: { overall: 0.85, components: { intent: 0.9 } },
};

const isSound = (change: object) => soundClassification.safeParse({ ...SOUND, ...change }).success;

// Written out once more, so that a word that is lost from one of the two lists is noticed.
const WORDS: Record<'intent' | 'subject' | 'measure', string[]> = {
  intent: [
    ...['what', 'why', 'compare', 'trend', 'forecast'],
    ...['rank', 'breakdown', 'target', 'correlation', 'anomaly'],
  ],
  subject: [
    ...['revenue', 'margin', 'profit', 'customers', 'orders', 'sales', 'marketing'],
    ...['products', 'regions', 'segments', 'reps', 'productLines', 'timePeriods'],
  ],
  measure: [
    ...['revenue', 'mrr', 'arr', 'gm', 'gm_pct', 'gross_profit', 'customer_count', 'churn_rate'],
    ...['ltv', 'nps', 'cac', 'arpu', 'order_count', 'aov', 'return_rate', 'pipeline_value'],
    ...['win_rate', 'deal_count', 'conversion_rate', 'signup_count', 'lead_count', 'margin_pct'],
    'op_margin_pct',
  ],
};

test('every word of the vocabulary is sound, in its own place', () => {
  const counts = Object.values(WORDS).map((words) => new Set(words).size);
  assert.deepEqual(counts, [10, 13, 23]);
  for (const [place, words] of Object.entries(WORDS))
    for (const word of words) assert.ok(isSound({ [place]: word }), `${place} ${word}`);
});

test('the word of another place is not, nor one that is near', () => {
  for (const [place, words] of Object.entries(WORDS)) {
    const elsewhere = Object.values(WORDS)
      .flat()
      .filter((word) => !words.includes(word));
    const near = words.flatMap((word) => [word.toUpperCase(), `${word} `, `${word}s`]);
    for (const word of [...elsewhere, ...near, '', null, 7])
      assert.ok(!isSound({ [place]: word }), `${place} ${word}`);
    assert.ok(!isSound({ [place]: undefined }), place);
  }
});

test('every confidence is a share', () => {
  for (const overall of [0, 0.5, 1]) assert.ok(isSound({ confidence: { overall } }), `${overall}`);
  for (const overall of [-0.01, 1.01, 85, null, '0.85', undefined])
    assert.ok(!isSound({ confidence: { overall } }), `${overall}`);
  for (const components of [{ intent: 90 }, { intent: 0.9, time: -1 }, { any: '1' }])
    assert.ok(!isSound({ confidence: { overall: 0.8, components } }), JSON.stringify(components));
});
