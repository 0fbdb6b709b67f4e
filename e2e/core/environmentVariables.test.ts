import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readVariable } from './environmentVariables.ts';

test('a variable that is set to nothing is not set', () => {
  const variables = { A: 'a', B: '', C: ' \t', D: ' d ' };
  assert.deepEqual(
    ['A', 'B', 'C', 'D', 'E'].map((name) => readVariable(variables, name)),
    ['a', undefined, undefined, ' d ', undefined],
  );
});
