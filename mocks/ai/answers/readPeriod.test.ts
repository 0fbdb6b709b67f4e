import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPeriod } from './readPeriod.ts';

const table: Record<string, [period: string, granularity: string]> = {
  'revenue in 2025-Q3': ['2025-Q3', 'quarter'],
  'revenue in 2025 Q3': ['2025-Q3', 'quarter'],
  'revenue in Q3 2025': ['2025-Q3', 'quarter'],
  'revenue in q3 of 2025': ['2025-Q3', 'quarter'],
  'Q3/2025': ['2025-Q3', 'quarter'],
  'the 4th quarter': ['Q4', 'quarter'],
  'the first quarter of 2024': ['2024-Q1', 'quarter'],
  Q1: ['Q1', 'quarter'],
  'compare Q3 and Q4 2025': ['Q3 and Q4 2025', 'quarter'],
  'Q1 vs. Q2': ['Q1 and Q2', 'quarter'],
  'in H1 2025': ['2025-H1', 'half-year'],
  'in 2025-03': ['2025-03', 'month'],
  'in March 2025': ['2025-03', 'month'],
  'in Sept. 2025': ['2025-09', 'month'],
  'in march': ['March', 'month'],
  'in May': ['May', 'month'],
  'this quarter': ['this quarter', 'quarter'],
  'the previous year': ['last year', 'year'],
  'Last Month': ['last month', 'month'],
  'over the last 12 months': ['last 12 months', 'month'],
  'past three quarters': ['last three quarters', 'quarter'],
  'year-to-date': ['year to date', 'year'],
  today: ['today', 'day'],
  'in 2023': ['2023', 'year'],
};

for (const [question, [period, granularity]] of Object.entries(table))
  test(`reads the period: ${question}`, () =>
    assert.deepEqual(readPeriod(question), { period, granularity }));

test('reads no period where there is none', () => {
  for (const question of ['What is revenue?', 'may I ask about marketing', 'Q5', 'room 12025', ''])
    assert.deepEqual(readPeriod(question), {}, question);
});
