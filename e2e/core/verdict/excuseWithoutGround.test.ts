import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../budget/objective.ts';
import { underFault } from '../testing/objectives.ts';
import { seriesOf } from '../testing/seriesOf.ts';
import { excuseWithoutGround, type Judged } from './excuseWithoutGround.ts';
import { judge } from './judge.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 2 };
const retried = underFault('retried', 0, { sampleBudget: 2 });
const growth = underFault('gapGrowth', 1.4);

const judged = (objective: Objective, values: number[], missing = 0): Judged => ({
  judgement: judge(objective, seriesOf(objective, values, { missing }), RATES),
  missing,
});
const idsOf = (objectives: Objective[], ...all: Judged[]) => {
  const { judgements, excused } = excuseWithoutGround(objectives, all);
  return { judged: judgements.map(({ id }) => id), excused: excused.map(({ id }) => id) };
};
const BOTH = [retried, growth];
const KEPT = { judged: ['down.retried', 'down.gapGrowth'], excused: [] };

test('where nothing is retried there are no waits: not measured, with the reason', () => {
  const { judgements, excused } = excuseWithoutGround(BOTH, [
    judged(retried, [1, 1]),
    judged(growth, []),
  ]);
  assert.deepEqual(
    judgements.map(({ id }) => id),
    ['down.retried'],
  );
  assert.deepEqual(excused, [
    { id: 'down.gapGrowth', reason: 'there was nothing to measure, since down.retried is not met' },
  ]);
});

test('no data stays a fail where its ground is met, open, without data itself, or not judged', () => {
  for (const values of [[0, 0], [0], []]) {
    assert.deepEqual(idsOf(BOTH, judged(retried, values), judged(growth, [])), KEPT);
  }
  assert.deepEqual(idsOf(BOTH, judged(growth, [])), { judged: ['down.gapGrowth'], excused: [] });
  assert.deepEqual(idsOf([growth], judged(retried, [1, 1]), judged(growth, [])), KEPT);
});

test('what was to be measured and was not is not excused', () => {
  assert.deepEqual(idsOf(BOTH, judged(retried, [1, 1]), judged(growth, [], 3)), KEPT);
});

test('what has data is judged, and the ground is that of the same operation', () => {
  assert.deepEqual(idsOf(BOTH, judged(retried, [1, 1]), judged(growth, [2])), KEPT);
  const elsewhere = { ...retried, id: 'up.retried', operation: 'up' };
  assert.deepEqual(idsOf([elsewhere, growth], judged(elsewhere, [1, 1]), judged(growth, [])), {
    judged: ['up.retried', 'down.gapGrowth'],
    excused: [],
  });
});

test('a metric that presupposes nothing is excused by nothing', () => {
  const refusal = underFault('refusal', 25_000);
  assert.deepEqual(idsOf([retried, refusal], judged(retried, [1, 1]), judged(refusal, [])), {
    judged: ['down.retried', 'down.refusal'],
    excused: [],
  });
});
