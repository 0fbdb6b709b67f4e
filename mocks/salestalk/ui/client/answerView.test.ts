import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeClassification } from './answerView.ts';
import { chooseScale, placeBar } from './chartView.ts';
import { formatFigure, formatPeriod } from './format.ts';

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

test('a scale ends at a round figure beyond the largest', () => {
  assert.deepEqual(chooseScale([2_500_000], 'USD'), { min: 0, max: 3_000_000 });
  assert.deepEqual(chooseScale([2_500_000, 2_750_000], 'USD'), { min: 0, max: 3_000_000 });
  assert.deepEqual(chooseScale([1_000], 'count'), { min: 0, max: 1_500 });
  assert.deepEqual(chooseScale([-320, 1_000], 'USD'), { min: -400, max: 1_500 });
  assert.deepEqual(chooseScale([-320], 'USD'), { min: -400, max: 0 });
  assert.deepEqual(chooseScale([0], 'USD'), { min: 0, max: 1 });
});

test('a single ratio is a share of the whole, unless it is beyond it', () => {
  assert.deepEqual(chooseScale([0.35], 'ratio'), { min: 0, max: 1 });
  assert.deepEqual(chooseScale([1.2], 'ratio'), { min: 0, max: 1.5 });
});

test('several ratios share a scale on which small ones differ', () => {
  assert.deepEqual(chooseScale([0.039, 0.037], 'ratio'), { min: 0, max: 0.04 });
});

test('bars lie on the scale and are in proportion to their figures', () => {
  const figure = fc.double({ min: -1e12, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(fc.array(figure, { minLength: 1, maxLength: 20 }), (values) => {
      const scale = chooseScale(values, 'USD');
      for (const value of values) {
        const { start, length } = placeBar(value, scale);
        assert.ok(start >= 0 && start + length <= 1 + 1e-9, `${value}: ${start} + ${length}`);
        const span = scale.max - scale.min;
        const zero = value < 0 ? start + length : start;
        assert.ok(Math.abs(zero + scale.min / span) <= 1e-9, `${value}: begins at ${zero}`);
        assert.ok(Math.abs(length * span - Math.abs(value)) <= 1e-9 * span);
      }
    }),
    { seed: 1 },
  );
});

test('quarters and months are written as people write them, other periods stay', () => {
  assert.equal(formatPeriod('2025-Q3'), 'Q3 2025');
  assert.equal(formatPeriod('2025-09'), 'Sep 2025');
  for (const other of ['Q3', '2025', '2025-Q5', '2025-13', 'last quarter']) {
    assert.equal(formatPeriod(other), other);
  }
});

const exact: [value: number, unit: string | null, shown: string][] = [
  [2_500_000, 'USD', '$2,500,000'],
  [1234.5, 'USD', '$1,234.50'],
  [-320_000, 'USD', '-$320,000'],
  [0, 'USD', '$0'],
  [1_500, 'EUR', '€1,500'],
  [0.35, 'ratio', '35%'],
  [0.0745, 'ratio', '7.5%'],
  [35, 'percent', '35%'],
  [1_204, 'count', '1,204'],
  [41, 'score', '41'],
  [7.255, null, '7.26'],
  [12, 'days', '12 days'],
];

for (const [value, unit, shown] of exact) {
  test(`${value} ${unit} is shown as ${shown}`, () =>
    assert.equal(formatFigure(value, unit), shown));
}

test('the ends of a scale are short', () => {
  assert.equal(formatFigure(3_000_000, 'USD', 'compact'), '$3M');
  assert.equal(formatFigure(1_500_000, 'USD', 'compact'), '$1.5M');
  assert.equal(formatFigure(1, 'ratio', 'compact'), '100%');
  assert.equal(formatFigure(1_500, 'count', 'compact'), '1.5K');
});
