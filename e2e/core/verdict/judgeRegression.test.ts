import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../budget/objective.ts';
import { describeObjective } from '../budget/objective.ts';
import { latencyRegression } from '../testing/objectives.ts';
import { formatEstimate } from './format.ts';
import { judge } from './judge.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 66 };
const STEADY = [331, 340, 349, 338, 342];

function regression(sets: [name: string, values: number[]][]): Objective {
  const named = sets.map(([name, values]) => ({ name, until: '2026-11-29', values }));
  return { ...latencyRegression, baseline: { unit: 'ms', sets: named } };
}

function judgeMedian(objective: Objective, medianMs: number, n = 3) {
  const events = Array.from({ length: n }, (_, at) => ({
    ...{ id: `${at}`, atMs: at, bad: false, value: medianMs },
    ...{ requestId: null, tenant: null },
  }));
  return judge(objective, { events, failed: 0, missing: 0 }, RATES);
}

test('a run as fast as its baseline passes, in words that name both', () => {
  const objective = latencyRegression;
  const judgement = judgeMedian(objective, 326);
  assert.equal(judgement.verdict, 'pass');
  assert.equal(
    judgement.reason,
    'median 326.0 ms; baseline of 2026-11-29 339.9 ms (5 runs, 331.0–349.0): ×0.96, 0.75–1.00; less than ×1.1 is allowed',
  );
  assert.equal(describeObjective(objective), 'classify latency regression < 1.1 ×');
  assert.equal(formatEstimate(objective, judgement), '0.96 × [0.75, 1]');
});

test('a much slower run fails, and a little slower one is open and says how many runs would tell', () => {
  const objective = latencyRegression;
  assert.equal(judgeMedian(objective, 700).verdict, 'fail');
  const open = judgeMedian(objective, 425);
  assert.equal(open.verdict, 'inconclusive');
  assert.match(open.reason, /allowed; a baseline of \d+ runs that scatter like these would tell$/);
  assert.equal(open.stillNeeded, null);
  const near = judgeMedian(objective, 373);
  assert.match(
    near.reason,
    /allowed; it is so near that one run cannot tell, whatever the baseline$/,
  );
});

test('a slow creep fails by the oldest baseline though the latest hides it, and its clean twin passes', () => {
  const grown = (nights: number) => STEADY.map((value) => value * 1.01 ** nights);
  const judgeNight = (creeps: boolean) => {
    const latest = creeps ? grown(60) : STEADY;
    const sets: [string, number[]][] = [
      ['latest baseline', latest],
      ['oldest baseline', STEADY],
    ];
    return judgeMedian(regression(sets), 340 * (creeps ? 1.01 ** 61 : 1));
  };
  const crept = judgeNight(true);
  assert.equal(crept.verdict, 'fail', crept.reason);
  assert.match(crept.reason, /latest baseline of .*: ×1\.01, .*; oldest baseline of .*: ×1\.84, /);
  assert.equal(Number(crept.estimate?.toFixed(2)), 1.84);
  assert.equal(judgeNight(false).verdict, 'pass');
  const latestAlone = regression([['baseline', grown(60)]]);
  assert.equal(judgeMedian(latestAlone, 340 * 1.01 ** 61).verdict, 'pass');
});

test('too few values leave a pass open, a median of zero has no ratio, and without a value it fails', () => {
  const objective = latencyRegression;
  const few = judgeMedian({ ...objective, sampleBudget: 5 }, 340);
  assert.deepEqual([few.verdict, few.stillNeeded], ['inconclusive', 2]);
  assert.match(few.reason, /2 of 5 values are missing$/);
  assert.match(judgeMedian(objective, 0).reason, /^a median of 0 has no ratio/);
  assert.equal(judgeMedian(objective, 340, 0).verdict, 'fail');
});

test('a record whose regression has no baseline contradicts itself', () => {
  const { baseline: _, ...rest } = latencyRegression;
  assert.throws(() => judgeMedian(rest, 340), {
    code: 'RECORD_INVALID',
    message: /classify\.latencyRegression → baseline\n {2}found {4}nothing/,
  });
});
