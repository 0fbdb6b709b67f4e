import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFigure, formatPeriod } from './format.ts';

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
