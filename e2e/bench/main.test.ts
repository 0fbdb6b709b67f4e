import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { interleave, type Turns } from './benchmark.ts';
import { BENCHMARKS, readCommandLine } from './main.ts';
import {
  collectValues,
  computeSpread,
  describeErrors,
  formatCells,
  formatNumber,
  formatReport,
  formatSpread,
  pairByRound,
} from './table.ts';

test('without a name all benchmarks run, and a name given twice counts once', () => {
  const all = { names: Object.keys(BENCHMARKS), runs: 5, stallRuns: 1, seed: 1 };
  assert.deepEqual(readCommandLine([]), all);
  assert.deepEqual(readCommandLine(['cost', '--runs', '3', 'cost', 'truth', '--seed=7']), {
    names: ['cost', 'truth'],
    runs: 3,
    stallRuns: 1,
    seed: 7,
  });
});

test('an invalid argument is one clear error', () => {
  assert.throws(
    () => readCommandLine(['costs']),
    /"costs" is no benchmark; there are truth, stall/,
  );
  assert.throws(() => readCommandLine(['toString']), /"toString" is no benchmark/);
  assert.throws(() => readCommandLine(['--runs', '0']), /--runs is "0"; expected a whole number/);
  assert.throws(() => readCommandLine(['--stall-runs=two']), /--stall-runs is "two"/);
  assert.throws(() => readCommandLine(['--turns', '3']), /Unknown option '--turns'/);
});

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

test('a report is tables, goals with their outcomes, and notes, as Markdown', () => {
  const report = {
    title: 'cost: of something',
    tables: [{ head: ['client', 'cost'], rows: [['ours', '1']] }],
    goals: [
      { goal: 'level with x', isReached: true, found: '1.00 × x' },
      { goal: '3 × y', isReached: false, found: '2.00 × y' },
      { goal: 'more than z', isReached: null, found: 'not measured' },
    ],
    notes: ['Five seconds.', 'not installed: z (get it)'],
  };
  assert.equal(
    formatReport(report, 2),
    `### cost: of something

| client | cost |
| ------ | ---: |
| ours   |    1 |

- Goal: level with x: **reached** (1.00 × x).
- Goal: 3 × y: **not reached** (2.00 × y).
- Goal: more than z: **not known** (not measured).

2 runs of each. Five seconds. not installed: z (get it)
`,
  );
});

type Result = { ms: number | null };

const turns = (results: (Result | null)[], errors: string[] = []): Turns<Result> => ({
  name: 'a tool',
  results,
  errors,
});
const ms = (result: Result): number | null => result.ms;

test('a figure that a tool does not report is shown as such, and not as zero', () => {
  assert.deepEqual(formatCells(turns([{ ms: null }, { ms: null }]), [ms], 1), ['not reported']);
  assert.deepEqual(formatCells(turns([{ ms: 1 }, { ms: 2 }]), [ms], 1), ['1.5 (1.0 to 2.0)']);
  assert.deepEqual(collectValues(turns([{ ms: 1 }, null, { ms: null }]), ms), [1]);
});

test('a single failed turn is shown, once in the row of its tool', () => {
  const failed = turns([{ ms: 1 }, null], ['k6 ended with 1: no\nmore']);
  assert.equal(describeErrors(failed), 'error in 1 of 2: k6 ended with 1: no');
  assert.deepEqual(formatCells(failed, [ms, ms], 1), ['error in 1 of 2: k6 ended with 1: no', '–']);
  assert.deepEqual(formatCells(turns([{ ms: 1 }]), [ms, ms], [0, 2]), ['1', '1.00']);
});

test('a spread is median, least and most, and null without values', () => {
  assert.deepEqual(computeSpread([3, 1, 2, 10]), { median: 2.5, least: 1, most: 10, runs: 4 });
  assert.equal(computeSpread([]), null);
  assert.throws(() => computeSpread([1, Number.NaN]), RangeError);
});

test('a single run shows no spread', () => {
  assert.equal(formatSpread(computeSpread([1234.56]), 1), '1,234.6');
  assert.equal(formatSpread(computeSpread([-2, 0, 1]), 1), '0.0 (−2.0 to 1.0)');
});

test('a number that is shown as zero has no sign', () => {
  assert.equal(formatNumber(-0.004, 2), '0.00');
  assert.equal(formatNumber(-0.006, 2), '−0.01');
});

test('two tools are paired by round, without the rounds that lack a side', () => {
  const one = turns([{ ms: 10 }, null, { ms: 30 }, { ms: 40 }]);
  const other = turns([{ ms: 5 }, { ms: 5 }, { ms: null }, { ms: 10 }]);
  assert.deepEqual(pairByRound(one, other, ms), [
    [10, 5],
    [40, 10],
  ]);
});
