import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers';
import { endOfTurn } from './endOfTurn.ts';

test('whoever waits in one turn goes on together, in order, and anew in the next', async () => {
  const order: string[] = [];
  const waits = ['first', 'second'].map(async (name) => {
    await endOfTurn();
    order.push(name);
    await endOfTurn();
    order.push(`${name} again`);
  });
  setImmediate(() => order.push('later in the turn'));
  await Promise.all(waits);
  assert.deepEqual(order, ['first', 'second', 'later in the turn', 'first again', 'second again']);
});
