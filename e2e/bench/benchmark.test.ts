import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { interleave } from './benchmark.ts';

const silent = (): void => undefined;

test('each tool has one turn in every round, one at a time, in an order that changes', async () => {
  const order: string[] = [];
  let out = 0;
  const contenders = ['a', 'b', 'c'].map((name) => ({
    name,
    turn: async (round: number) => {
      assert.equal(out++, 0);
      await Promise.resolve();
      out--;
      order.push(name);
      return round;
    },
  }));
  const turns = await interleave(contenders, {
    runs: 20,
    draw: seededDraw(1),
    logProgress: silent,
  });
  const rounds = Array.from({ length: 20 }, (_, at) => order.slice(at * 3, at * 3 + 3).join(''));
  for (const round of rounds) assert.equal([...round].sort().join(''), 'abc');
  // All six orders come up; that one of them does not has a chance of 0.16.
  assert.ok(new Set(rounds).size >= 5, `${new Set(rounds).size} orders`);
  assert.deepEqual(
    turns.map(({ results }) => results),
    ['a', 'b', 'c'].map(() => Array.from({ length: 20 }, (_, round) => round)),
  );
});

test('a tool that fails in one round has no result for it, and the others go on', async () => {
  const contenders = [
    {
      name: 'breaks',
      turn: async (round: number) => {
        if (round === 1) throw new Error('broken');
        return round;
      },
    },
    { name: 'works', turn: async (round: number) => round },
  ];
  const turns = await interleave(contenders, { runs: 3, draw: seededDraw(1), logProgress: silent });
  assert.deepEqual(turns, [
    { name: 'breaks', results: [0, null, 2], errors: ['broken'] },
    { name: 'works', results: [0, 1, 2], errors: [] },
  ]);
});
