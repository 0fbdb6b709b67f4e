import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuSecondsOf, parseCpuSeconds } from './cpuSeconds.ts';

const OWN = { user: 11, system: 12 };
const OF_CHILDREN = { user: 13, system: 14 };

test('reads the times of a process and of its ended children, whatever the program is called', () => {
  const rest = 'S 1 2 3 0 -1 4194304 900 80 0 0 150 50 1234 566 20 0 11 0 1000 1 2';
  for (const stat of [`77 (node) ${rest}`, `77 (a) b (c) ${rest}`]) {
    assert.equal(parseCpuSeconds(stat, OWN), 2);
    assert.equal(parseCpuSeconds(stat, OF_CHILDREN), 18);
  }
  assert.equal(parseCpuSeconds('77 (node) S 1 2', OWN), null);
});

test('a process that is not there has used no time that anyone knows of', () => {
  assert.equal(cpuSecondsOf(2 ** 30), null);
});
