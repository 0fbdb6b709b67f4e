import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DataReference } from '../prompt/promptData.ts';
import { formatFigure, writeNarrative } from './writeNarrative.ts';

const revenue: DataReference = {
  metric: 'revenue',
  period: '2025-Q3',
  value: 2_500_000,
  unit: 'USD',
  table: 'tenant-acme-corp-001-metrics',
};
const margin: DataReference = { ...revenue, metric: 'margin', value: 0.35, unit: 'ratio' };

test('writes figures as people read them', () => {
  const figures: [number, string | null, string][] = [
    [2_500_000, 'USD', '$2.5M'],
    [2_750_000, '$', '$2.75M'],
    [750_000, 'EUR', '€750K'],
    [0.35, 'ratio', '35 %'],
    [12.34, 'percent', '12.3 %'],
    [1234, 'count', '1,234'],
    [42, null, '42'],
    [17, 'days', '17 days'],
    [-2_500_000, 'USD', '-$2.5M'],
  ];
  for (const [value, unit, text] of figures) assert.equal(formatFigure({ value, unit }), text);
});

test('states one figure and its source', () => {
  assert.equal(
    writeNarrative([revenue], null),
    'Revenue in Q3 2025 was $2.5M. Source: tenant-acme-corp-001-metrics.',
  );
});

test('compares periods of a metric, and names each metric', () => {
  const later = { ...revenue, period: '2025-Q4', value: 2_750_000 };
  assert.equal(
    writeNarrative([later, revenue, margin], null),
    'Revenue in Q4 2025 was $2.75M, up from $2.5M in Q3 2025. Margin in Q3 2025 was 35 %. Source: tenant-acme-corp-001-metrics.',
  );
});

test('says so when there are no figures', () => {
  assert.equal(
    writeNarrative([], { subject: 'revenue', period: '2025-Q1' }),
    'There are no figures on revenue in Q1 2025. Without them there is nothing to report.',
  );
});

test('invents nothing: every number is one that it was sent; two to four sentences', () => {
  const reference = fc.record({
    metric: fc.constantFrom('revenue', 'margin', 'order_count', 'nps', 'win_rate'),
    period: fc.constantFrom(null, 'Q1', 'Q2', 'Q3', 'Q4'),
    value: fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    unit: fc.constantFrom('USD', 'ratio', 'count', 'points', null),
    table: fc.constantFrom('tenant-a-metrics', null),
  });
  fc.assert(
    fc.property(fc.array(reference, { minLength: 1, maxLength: 8 }), (references) => {
      const narrative = writeNarrative(references, null);
      const known = references.map(formatFigure);
      const rest = known
        .sort((a, b) => b.length - a.length)
        .reduce((text, figure) => text.replaceAll(figure, ''), narrative)
        .replaceAll(/\bQ[1-4]\b/g, '');
      assert.doesNotMatch(rest, /\d/);
      const sentences = narrative.match(/\.(?= |$)/g) ?? [];
      assert.ok(sentences.length >= 2 && sentences.length <= 4, narrative);
    }),
  );
});
