import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inOrder } from './inOrder.ts';

test('each is handed on once all before it have come', () => {
  const taken: number[] = [];
  const give = inOrder<{ index: number }>(({ index }) => taken.push(index));
  const seen = [2, 0, 1, 4, 5, 3].map((index) => {
    give({ index });
    return taken.length;
  });
  assert.deepEqual(seen, [0, 1, 3, 3, 3, 6]);
  assert.deepEqual(taken, [0, 1, 2, 3, 4, 5]);
});
