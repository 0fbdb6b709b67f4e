import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../budget/objective.ts';
import { availability, latencyP95 } from '../testing/objectives.ts';
import { harnessOf, noopOf, recordOf, requestOf } from '../testing/recordOf.ts';
import { repeat, seriesOf, spread } from '../testing/seriesOf.ts';
import { doubtFail } from './doubtFail.ts';
import { type HarnessAllowance, harnessAllowance } from './harnessAllowance.ts';
import { judge } from './judge.ts';
import { judgeRun } from './judgeRun.ts';
import { LostTime } from './lostTime.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 8 };
const QUIET: HarnessAllowance = {
  addedMs: 0,
  stolenShare: 0,
  saturated: false,
  floorMs: 1,
  lost: new LostTime([]),
  unknown: [],
};
const verdictOf = (
  objective: Objective,
  values: number[],
  allowance: Partial<HarnessAllowance>,
) => {
  const series = seriesOf(objective, values);
  const judgement = judge(objective, series, RATES);
  return doubtFail(judgement, objective, series, RATES, { ...QUIET, ...allowance });
};

test('a fail that delays of the harness explain becomes inconclusive and says why', () => {
  const values = spread(200, 350, 60, 2030);
  assert.equal(verdictOf(latencyP95, values, {}).verdict, 'fail');
  const doubtful = verdictOf(latencyP95, values, { addedMs: 40 });
  assert.equal(doubtful.verdict, 'inconclusive');
  assert.match(
    doubtful.reason,
    /but the harness itself may have made 60 of them .*40\.0 ms at P99/,
  );
});

test('a fail beyond what the harness can explain stays a fail', () => {
  assert.equal(verdictOf(latencyP95, spread(200, 350, 60, 2850), { addedMs: 40 }).verdict, 'fail');
  assert.equal(
    verdictOf(latencyP95, spread(200, 350, 60, 2850), { stolenShare: 0.05 }).verdict,
    'fail',
  );
});

test('stolen CPU excuses twice its share of the requests, and only up to twice the objective', () => {
  const values = spread(200, 350, 50, 2850);
  assert.equal(verdictOf(latencyP95, values, { stolenShare: 0.12 }).verdict, 'inconclusive');
  const beyond = spread(200, 350, 50, 4100);
  assert.equal(verdictOf(latencyP95, beyond, { stolenShare: 0.12 }).verdict, 'fail');
});

test('a saturated harness and an objective under the floor can fail nothing', () => {
  const values = repeat([100, 2850]);
  assert.match(verdictOf(latencyP95, values, { saturated: true }).reason, /no CPU to spare/);
  assert.match(
    verdictOf(latencyP95, values, { floorMs: 2000 }).reason,
    /nothing under that can be measured/,
  );
});

test('a pass is never touched, nor is what noise cannot cause, nor a lack of data', () => {
  const worst = { addedMs: 1e6, stolenShare: 1, saturated: true, floorMs: 1e6 };
  assert.equal(verdictOf(latencyP95, repeat([100, 350]), worst).verdict, 'pass');
  assert.equal(verdictOf(availability, spread(3400, 0, 100, 1), worst).verdict, 'fail');
  assert.equal(verdictOf(latencyP95, [], worst).verdict, 'fail');
});

test('the allowance takes the worst line of the workload, and keeps unknown apart from zero', () => {
  const lines = [
    harnessOf({ lateP99Ms: 3, eventLoopDelayP99Ms: null, modelLateP99Ms: 5, stolenShare: 0.02 }),
    harnessOf({ lateP99Ms: 8, eventLoopDelayP99Ms: null, modelLateP99Ms: 2, stolenShare: 0.01 }),
    harnessOf({ workload: 'other', lateP99Ms: 900 }),
  ];
  const objective = { ...latencyP95, workload: 'baseline' };
  const record = { harness: lines, noops: [noopOf(1), noopOf(2), noopOf(9)] };
  const allowance = harnessAllowance(objective, record);
  assert.deepEqual(allowance, {
    addedMs: 13,
    stolenShare: 0.02,
    saturated: false,
    lost: new LostTime([]),
    floorMs: 2,
    unknown: ['event-loop delay of the harness'],
  });
  assert.equal(harnessAllowance({ ...objective, metric: 'ownTime' }, record).addedMs, 8);
  const nothing = harnessAllowance(objective, { harness: [], noops: [] });
  assert.equal(nothing.unknown.length, 5);
  assert.equal(nothing.floorMs, null);
});

test('the run is judged by the same rule', () => {
  const requests = spread(200, 350, 60, 2030).map((latencyMs, index) =>
    requestOf(index, { values: { latencyMs } }),
  );
  const judged = (lateP99Ms: number) =>
    judgeRun(recordOf([latencyP95], { requests, harness: [harnessOf({ lateP99Ms })] }), {
      selected: [latencyP95.id],
    });
  assert.equal(judged(2).verdict, 'fail');
  assert.equal(judged(40).verdict, 'inconclusive');
});
