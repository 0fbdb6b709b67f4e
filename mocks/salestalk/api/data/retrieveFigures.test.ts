import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUARTERS } from './companyFigures.ts';
import { addComparedQuarters } from './retrieveFigures.ts';

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
