import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPeriod } from './formatPeriod.ts';

test('quarters and months are written as people write them, all else is left', () => {
  assert.equal(formatPeriod('2025-Q3'), 'Q3 2025');
  assert.equal(formatPeriod('2025-09'), 'Sep 2025');
  for (const other of ['Q3', '2025', '2025-Q5', '2025-13', 'last quarter']) {
    assert.equal(formatPeriod(other), other);
  }
});
