import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BENCHMARKS, readCommandLine } from './commandLine.ts';

test('no name means all benchmarks; a name given twice counts once', () => {
  const all = { names: Object.keys(BENCHMARKS), runs: 5, stallRuns: 1, seed: 1 };
  assert.deepEqual(readCommandLine([]), all);
  assert.deepEqual(readCommandLine(['cost', '--runs', '3', 'cost', 'truth', '--seed=7']), {
    names: ['cost', 'truth'],
    runs: 3,
    stallRuns: 1,
    seed: 7,
  });
  assert.equal(readCommandLine(['cost', '--help']), 'help');
});

test('an argument that does not fit is one clear error', () => {
  assert.throws(
    () => readCommandLine(['costs']),
    /"costs" is no benchmark; there are truth, stall/,
  );
  assert.throws(() => readCommandLine(['toString']), /"toString" is no benchmark/);
  assert.throws(() => readCommandLine(['--runs', '0']), /--runs is "0"; expected a whole number/);
  assert.throws(() => readCommandLine(['--stall-runs=two']), /--stall-runs is "two"/);
  assert.throws(() => readCommandLine(['--turns', '3']), /Unknown option '--turns'/);
});
