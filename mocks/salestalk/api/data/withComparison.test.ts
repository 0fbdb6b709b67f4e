import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quarters } from './quarters.ts';
import { withComparison } from './withComparison.ts';

test('a plain question needs the quarter it asks for', () => {
  assert.deepEqual(withComparison('what', ['2025-Q3'], quarters), ['2025-Q3']);
});

test('a comparison needs the quarter before as well', () => {
  assert.deepEqual(withComparison('compare', ['2025-Q1'], quarters), ['2024-Q4', '2025-Q1']);
  assert.deepEqual(withComparison('why', ['2024-Q1'], quarters), ['2024-Q1']);
});

test('a trend needs all of them up to then', () => {
  assert.deepEqual(withComparison('trend', ['2025-Q4'], quarters), quarters);
});

test('a forecast needs the past, whether or not the time asked for is known', () => {
  assert.deepEqual(withComparison('forecast', [], quarters), quarters);
  assert.deepEqual(withComparison('forecast', ['2025-Q1'], quarters), quarters);
});

test('nothing asked, nothing needed', () => {
  assert.deepEqual(withComparison('trend', [], quarters), []);
});
