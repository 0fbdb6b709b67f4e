import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUARTERS } from './loadTenants.ts';
import { addComparedQuarters, askedQuarters } from './retrieveFigures.ts';

test('a plain question needs the quarter it asks for', () => {
  assert.deepEqual(addComparedQuarters('what', ['2025-Q3'], QUARTERS), ['2025-Q3']);
});

test('a comparison needs the quarter before as well', () => {
  assert.deepEqual(addComparedQuarters('compare', ['2025-Q1'], QUARTERS), ['2024-Q4', '2025-Q1']);
  assert.deepEqual(addComparedQuarters('why', ['2024-Q1'], QUARTERS), ['2024-Q1']);
});

test('a trend needs all quarters up to the one asked for', () => {
  assert.deepEqual(addComparedQuarters('trend', ['2025-Q4'], QUARTERS), QUARTERS);
});

test('a forecast needs all known quarters', () => {
  assert.deepEqual(addComparedQuarters('forecast', [], QUARTERS), QUARTERS);
  assert.deepEqual(addComparedQuarters('forecast', ['2025-Q1'], QUARTERS), QUARTERS);
});

test('no quarter asked for, none needed', () => {
  assert.deepEqual(addComparedQuarters('trend', [], QUARTERS), []);
});

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
