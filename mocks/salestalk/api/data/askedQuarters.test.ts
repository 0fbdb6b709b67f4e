import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedQuarters } from './askedQuarters.ts';
import { QUARTERS } from './companyFigures.ts';

const cases: Record<string, string[]> = {
  Q3: ['2025-Q3'],
  q4: ['2025-Q4'],
  '2025-Q3': ['2025-Q3'],
  '2024-Q3': ['2024-Q3'],
  'Q3 2024': ['2024-Q3'],
  '2025Q1': ['2025-Q1'],
  'Q2 and Q3': ['2025-Q2', '2025-Q3'],
  'Q3 2024 vs Q3 2025': ['2024-Q3', '2025-Q3'],
  'H1 2024': ['2024-Q1', '2024-Q2'],
  '2024': ['2024-Q1', '2024-Q2', '2024-Q3', '2024-Q4'],
  'FY 2024': ['2024-Q1', '2024-Q2', '2024-Q3', '2024-Q4'],
  'last quarter': ['2025-Q4'],
  'this year': ['2025-Q1', '2025-Q2', '2025-Q3', '2025-Q4'],
  '': ['2025-Q4'],
  'Q3 2019': [],
  '2031': [],
  '2025-09': [],
  'last month': [],
  Q5: [],
  'the day before yesterday': [],
};

for (const [period, expected] of Object.entries(cases)) {
  test(`"${period}" means ${expected.join(', ') || 'nothing known'}`, () => {
    assert.deepEqual(askedQuarters(period, QUARTERS), expected);
  });
}

test('a quarter without a year is the latest one with figures', () => {
  assert.deepEqual(askedQuarters('Q3', ['2024-Q3', '2025-Q1']), ['2024-Q3']);
});

test('without known quarters no quarter is asked for', () => {
  for (const period of [null, 'Q3', '2025']) assert.deepEqual(askedQuarters(period, []), []);
});
