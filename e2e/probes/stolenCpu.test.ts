import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCpuTicks, readCpuTicks, stolenShare } from './stolenCpu.ts';

const PROC_STAT = `cpu  1000 20 300 4000 50 6 7 80 90 0
cpu0 500 10 150 2000 25 3 4 40 45 0
intr 12345
ctxt 6789
`;

test('the eighth figure of the first line is what was stolen; guest time is in user time already', () => {
  const total = 1000 + 20 + 300 + 4000 + 50 + 6 + 7 + 80;
  assert.deepEqual(parseCpuTicks(PROC_STAT), { total, stolen: 80 });
});

test('a kernel that does not say, or another text, is unknown', () => {
  for (const text of ['', 'cpu', 'cpu  1 2 3 4', 'cpu  1 2 3 4 5 6 7 many', 'cpu0 1 2 3 4 5 6 7 8'])
    assert.equal(parseCpuTicks(text), null, text);
});

test('the share between two readings', () => {
  assert.equal(stolenShare({ total: 1000, stolen: 10 }, { total: 1200, stolen: 60 }), 0.25);
  assert.equal(stolenShare({ total: 1000, stolen: 10 }, { total: 1200, stolen: 10 }), 0);
});

test('without two readings that move on, the share is unknown, never 0 and never below', () => {
  const reading = { total: 1000, stolen: 10 };
  assert.equal(stolenShare(null, reading), null);
  assert.equal(stolenShare(reading, null), null);
  assert.equal(stolenShare(reading, reading), null);
  assert.equal(stolenShare(reading, { total: 900, stolen: 20 }), null);
  assert.equal(stolenShare(reading, { total: 1100, stolen: 9 }), null);
});

test('this machine says, or does not', () => {
  const ticks = readCpuTicks();
  assert.equal(ticks !== null, process.platform === 'linux');
  if (ticks !== null) assert.ok(ticks.total > ticks.stolen && ticks.stolen >= 0);
});
