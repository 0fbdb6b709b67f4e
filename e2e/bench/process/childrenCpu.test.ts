import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChildrenCpuSeconds } from './childrenCpu.ts';

test('reads the times of ended children, whatever the program is called', () => {
  const rest = 'S 1 2 3 0 -1 4194304 900 80 0 0 150 50 1234 566 20 0 11 0 1000 1 2';
  assert.equal(parseChildrenCpuSeconds(`77 (node) ${rest}`), 18);
  assert.equal(parseChildrenCpuSeconds(`77 (a) b (c) ${rest}`), 18);
  assert.equal(parseChildrenCpuSeconds('77 (node) S 1 2'), null);
});
